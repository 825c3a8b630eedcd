import { afterEach, describe, expect, it } from 'vitest';
import type { Heard } from '../../../src/app/verify-listen.js';
import { withNext } from '../../../src/cli/verify/listen-next.js';
import type { VerifyValues } from '../../../src/cli/verify/verify-options.js';
import type { Way } from '../../../src/cli/verify/way.js';
import { goOnWith } from '../../../src/core/next-command.js';
import type { ConnectionVerdict, ThroughReport } from '../../../src/core/verify-connection.js';

const generic = 'check the security group';

function after(
  outcome: ThroughReport['outcome'],
  way: Partial<Way>,
  { host = '127.0.0.1', verdict, ...options }: Partial<VerifyValues> & { verdict?: ConnectionVerdict } = {},
): ThroughReport | undefined {
  const heard: Heard = {
    listening: { host, port: 8443 },
    ended: 'through',
    through: { target: 'lb:443', outcome, attempts: 1, reason: 'so', advice: generic },
    connections:
      verdict === undefined
        ? []
        : [{ at: '', from: '127.0.0.1:1', verdict, own: true, notes: [], text: '', hex: '' }],
    omitted: 0,
  };
  const given = { 'load-balancer': 'web', ...options } as VerifyValues;
  const listening = { options: given, port: 8443, host };
  return withNext(heard, { host: 'lb', port: 443, ...way }, listening).through;
}

afterEach(() => goOnWith({}));

describe('after nothing arrived', () => {
  it('names an address of this machine that the load balancer sends to, before others', () => {
    const { advice, next } = after('nothing-arrived', { sendsTo: ['203.0.113.7', '127.0.0.3'] }) ?? {};
    expect(advice).toBe(
      'the load balancer sends to 203.0.113.7:8443, 127.0.0.3:8443, and this listened on 127.0.0.1:8443 only; listen there',
    );
    expect(next).toBe('elb-proxy verify listen --port 8443 --host 127.0.0.3 --load-balancer web');
  });

  it('says that the command belongs on another machine, which has the address', () => {
    const { advice, next } = after('nothing-arrived', { sendsTo: ['2001:db8::7'] }) ?? {};
    expect(advice).toContain('sends to [2001:db8::7]:8443');
    expect(advice).toContain('on the machine that has such an address, listen on it');
    expect(next).toContain('--host 2001:db8::7');
  });

  it('has an instance, whose address is not known, listen on all of them', () => {
    const { advice, next } = after('nothing-arrived', { sendsTo: ['i-0123456789abcdef0'] }) ?? {};
    expect(advice).toContain('sends to i-0123456789abcdef0, port 8443, and this listened on 127.0.0.1:8443');
    expect(next).toContain('--host 0.0.0.0');
    const bound = after('nothing-arrived', { sendsTo: ['i-0123456789abcdef0'] }, { host: '203.0.113.9' });
    expect(bound?.advice).toContain(generic);
    expect(bound?.next).toBeUndefined();
  });

  it.each([['127.0.0.3'], ['0.0.0.0'], ['::']])('the address is not blamed on %s', (host) => {
    const { advice, next } = after('nothing-arrived', { sendsTo: ['127.0.0.3'] }, { host }) ?? {};
    expect(advice).toBe(`the load balancer sends to 127.0.0.3:8443; ${generic}`);
    expect(next).toBeUndefined();
  });

  it('says nothing of addresses that are not known', () => {
    for (const sendsTo of [undefined, []])
      expect(after('nothing-arrived', { sendsTo })).toMatchObject({ advice: generic });
  });

  it('repeats this run: who acts and where, and what it was asked', () => {
    goOnWith({ profile: 'ops', endpointUrl: 'http://127.0.0.1:4580' });
    const asked = { 'target-group': 'blue', expect: 'proxy-v2', timeout: '5s' };
    expect(after('nothing-arrived', { sendsTo: ['127.0.0.3'] }, asked)?.next).toBe(
      'elb-proxy verify listen --port 8443 --host 127.0.0.3 --load-balancer web --target-group blue --timeout 5s --expect proxy-v2 --profile ops --endpoint-url http://127.0.0.1:4580',
    );
  });
});

describe('after a connection without a header', () => {
  const loadBalancer = { name: 'web', region: 'eu-west-1' };

  it('names the load balancer by its name, by that in its DNS name, or all of them', () => {
    const next = (way: Partial<Way>) => after('arrived', way, { verdict: 'absent' })?.next;
    expect(next({ loadBalancer })).toBe('elb-proxy status web --region eu-west-1');
    const classic = { host: 'Shop-1-123456789.us-east-1.elb.amazonaws.com' };
    expect(next(classic)).toBe('elb-proxy status Shop-1 --region us-east-1');
    expect(next({ host: '10.0.0.9' })).toBe('elb-proxy status');
  });

  it('has nothing to look at where a header came, or no connection was accepted', () => {
    expect(after('arrived', { loadBalancer }, { verdict: 'proxy-v1' })?.next).toBeUndefined();
    expect(after('not-there', { loadBalancer })).toMatchObject({ advice: generic });
  });
});
