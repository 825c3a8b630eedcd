import { describe, expect, it } from 'vitest';
import { hideSecrets } from '../../src/aws/hide-secrets.js';
import { apiServer, failure, type Reply } from './api-server.js';
import { opened, rejection } from './opened.js';

const token = 'IQoJb3JpZ2luX2VjE+8a/b==SESSION';
const env = {
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: token,
};

describe('the session token of a request', () => {
  const echo = (reply: (sent: string) => Reply) =>
    apiServer(({ headers }) => reply(String(headers['x-amz-security-token'])));

  it.each<readonly [what: string, reply: (sent: string) => Reply]>([
    ['a refusal', (sent) => failure(403, 'InvalidClientTokenId', `The security token ${sent} is invalid`)],
    [
      'the canonical form of a refused signature',
      (sent) => failure(403, 'SignatureDoesNotMatch', `POST\n/\nx-amz-security-token:${sent}\nx-amz-date:1`),
    ],
    ['a form', (sent) => failure(400, 'ValidationError', `X-Amz-Security-Token=${encodeURIComponent(sent)}`)],
    ['plain text of a proxy', (sent) => ({ status: 502, body: `no route for ${sent}` })],
    ['JSON of a proxy', (sent) => ({ status: 200, body: JSON.stringify({ token: sent }) })],
    ['a page of a proxy', (sent) => ({ status: 403, body: `<html><title>${sent}</title></html>` })],
    [
      'a redirect',
      (sent) => ({
        status: 302,
        body: 'x',
        headers: { location: `https://x/?t=${encodeURIComponent(sent)}` },
      }),
    ],
    ['an error code', (sent) => failure(403, sent, 'no')],
  ])('is hidden where it comes back in %s', async (_what, reply) => {
    const { url } = await echo(reply);
    const elb = await opened(url, { env: { ...env, AWS_MAX_ATTEMPTS: '1' } });
    const error = await rejection(elb.setLoadBalancerPoliciesForBackendServer('web', 1, []));
    const said = JSON.stringify([error.message, error.hint, error.code, error.requestId]);
    expect(said).not.toContain('IQoJb3Jp');
    expect(said).not.toContain('SESSION');
  });

  it('that is too short to be one hides no word of an answer', () => {
    expect(hideSecrets('the test failed', ['test'])).toBe('the test failed');
  });

  it('is hidden by the name of its field where its value is not known', () => {
    for (const text of [
      'x-amz-security-token:abc+def/ghi=\nhost:x',
      '"X-Amz-Security-Token": "abc+def/ghi="',
      'X-Amz-Security-Token=abc%2Bdef&Action=x',
    ])
      expect(hideSecrets(text)).not.toMatch(/abc|def/);
  });

  it('leaves every other text as it is', () => {
    const text = "There is no ACTIVE Load Balancer named 'web'; x-amz-security-token is missing";
    expect(hideSecrets(text, [token])).toBe(text);
  });
});
