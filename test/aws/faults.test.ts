import { describe, expect, test } from 'vitest';
import { effectOf } from '../../src/aws/effect-of.js';
import { faultOf } from '../../src/aws/faults.js';
import { plainText } from '../../src/aws/plain-text.js';
import { ElbProxyError } from '../../src/errors.js';

const context = { action: 'DescribeTags', region: 'us-east-1', names: ['web', 'api', 'db'] };
const service = (code: string, message = 'text', status = 400) =>
  Object.assign(new Error(message), {
    name: `${code}Exception`,
    Code: code,
    $metadata: { httpStatusCode: status },
  });

describe('a fault', () => {
  test.each(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'])(
    'of %s names the IAM action that is missing',
    (code) => {
      const fault = faultOf(service(code, 'User: arn is not authorized', 403), context);
      expect(fault).toMatchObject({ code, fault: 'user' });
      expect(fault.hint).toBe(
        'the caller lacks the IAM action elasticloadbalancing:DescribeTags; elb-proxy iam-policy prints a policy that has it',
      );
    },
  );

  test.each([
    ['ExpiredToken', 'log in again'],
    ['InvalidClientTokenId', 'aws sts get-caller-identity'],
    ['SignatureDoesNotMatch', 'clock'],
    ['RequestExpired', 'clock'],
    ['OptInRequired', 'region us-east-1 is not enabled'],
    ['DuplicatePolicyName', '--policy-name'],
  ])('a fault of %s says what to do', (code, said) => {
    expect(faultOf(service(code), context).hint).toContain(said);
  });

  test('names the first of several load balancers and counts the others', () => {
    expect(faultOf(service('InternalFailure', 'Oops.', 500), context).message).toBe(
      'DescribeTags for load balancer web and 2 more in us-east-1 failed: Oops (InternalFailure)',
    );
  });

  test('carries text from the network without control characters, on one line, and bounded', () => {
    const fault = faultOf(
      service('X', `\u001b[31mred\u202e\r\nFAKE LINE\u0000 ${'a'.repeat(5000)}`),
      context,
    );
    expect(fault.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(fault.message).toContain('[31mred FAKE LINE a');
    expect(fault.message.length).toBeLessThan(600);
  });

  test('a fault of an unknown shape has a code of this tool’s own and an unknown effect', () => {
    const fault = faultOf('boom', context);
    expect(fault).toMatchObject({ code: 'call-failed', fault: 'tool', cause: 'boom' });
    expect(fault.message).toContain('boom');
    expect(effectOf(fault)).toBe('unknown');
  });

  test('that is one already is left as it is', () => {
    const given = new ElbProxyError('x', { code: 'no-credentials', fault: 'user' });
    expect(faultOf(given, context)).toBe(given);
  });

  test.each([
    ['CERT_HAS_EXPIRED', 'unreachable-endpoint', 'no'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable-endpoint', 'no'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable-endpoint', 'no'],
    ['EAI_AGAIN', 'unreachable-endpoint', 'no'],
    ['ENETUNREACH', 'unreachable-endpoint', 'no'],
    ['ECONNRESET', 'connection-lost', 'unknown'],
    ['EPIPE', 'connection-lost', 'unknown'],
    ['ETIMEDOUT', 'timeout', 'unknown'],
  ])('a fault of the system’s %s is %s, its effect %s', (systemCode, code, effect) => {
    const fault = faultOf(Object.assign(new Error('x'), { code: systemCode }), context);
    expect(fault.code).toBe(code);
    expect(effectOf(fault)).toBe(effect);
  });

  test('a fault of a connection that the kernel gave up on is unreachable-endpoint without effect', () => {
    const fault = faultOf(
      Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'connect' }),
      context,
    );
    expect(fault.code).toBe('unreachable-endpoint');
    expect(effectOf(fault)).toBe('no');
  });

  test('a fault of settings that exclude each other has no effect', () => {
    const clash = Object.assign(
      new Error('Invalid Configuration: FIPS and custom endpoint are not supported'),
      { name: 'EndpointError' },
    );
    const fault = faultOf(clash, context);
    expect(fault).toMatchObject({ code: 'invalid-setting', fault: 'user' });
    expect(effectOf(fault)).toBe('no');
  });
});

test('plain text is cut at its limit without leaving half a character', () => {
  expect(plainText('short')).toBe('short');
  expect(plainText(`${'a'.repeat(8)}\u{1F600}\u{1F600}`, 10)).toBe('aaaaaaaa…');
});
