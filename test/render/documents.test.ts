import { describe, expect, test } from 'vitest';
import { ElbProxyError, usageError } from '../../src/errors.js';
import { errorReport } from '../../src/render/error.js';
import { historyDocument } from '../../src/render/json/history.js';
import { policiesDocument } from '../../src/render/json/policies.js';
import { everyOutcome } from './fixtures/histories.js';
import { awkward, inspected, shop, sparse } from './fixtures/load-balancers.js';
import { classicIn, statusDocument } from './fixtures/whole-status.js';

describe('the status document', () => {
  const [whole, little] = classicIn(
    statusDocument(['us-east-1'], [inspected(shop), inspected(sparse, false)], []),
  );

  test('has exactly the keys of the contract, in its order', () => {
    const document = statusDocument([], [], [{ region: 'r', code: 'c', message: 'm' }]);
    expect(Object.keys(document)).toEqual(['formatVersion', 'regions', 'loadBalancers', 'errors']);
    expect(Object.keys(whole ?? {})).toEqual([
      'kind',
      'name',
      'region',
      'accountId',
      'dnsName',
      'createdTime',
      'scheme',
      'vpcId',
      'listeners',
      'instancePorts',
      'healthCheck',
      'instances',
      'hazards',
    ]);
    expect(whole?.instancePorts[0]).toEqual({
      instancePort: 8080,
      proxyProtocol: 'enabled',
      sends: 'all',
      policyNames: ['ProxyProtocol-enabled'],
      proxyPolicyNames: ['ProxyProtocol-enabled'],
    });
    expect(whole?.instances).toEqual({ inService: 2, total: 2 });
  });

  test('leaves out what is not known, rather than say null', () => {
    expect(Object.keys(little ?? {})).toEqual([
      'kind',
      'name',
      'region',
      'listeners',
      'instancePorts',
      'hazards',
    ]);
  });

  test('has ports without a listener and distinguishes enabled, disabled and conflicting', () => {
    const [loadBalancer] = classicIn(statusDocument([], [inspected(awkward)], []));
    expect(
      loadBalancer?.instancePorts.map(({ instancePort, proxyProtocol }) => [instancePort, proxyProtocol]),
    ).toEqual([
      [7000, 'enabled'],
      [8443, 'disabled'],
      [9000, 'conflicting'],
      [10_443, 'enabled'],
    ]);
  });
});

describe('the policies document', () => {
  const { loadBalancer, policies } = policiesDocument(awkward);
  const named = (name: string) => policies.find((policy) => policy.name === name);

  test('says which load balancer, and where each policy is attached', () => {
    expect(Object.keys(loadBalancer)).toEqual(['name', 'region', 'accountId', 'dnsName', 'createdTime']);
    expect(named('sticky')?.attachedTo).toEqual([
      { kind: 'listener', port: 8081 },
      { kind: 'listener', port: 8443 },
    ]);
    expect(named('k8s-proxyprotocol-enabled')?.attachedTo).toEqual([
      { kind: 'instance-port', port: 7000 },
      { kind: 'instance-port', port: 9000 },
    ]);
    expect(named('backend-authentication-1-key-a')?.attachedTo).toEqual([]);
  });

  test('gives attributes as an object, and those that occur several times as a list', () => {
    expect(named('sticky')?.attributes).toEqual({ CookieExpirationPeriod: '3600' });
    expect(named('backend-authentication-2')?.attributes).toEqual({
      PublicKeyPolicyName: ['backend-authentication-2-key-a', 'backend-authentication-2-key-b'],
    });
  });

  test('takes any attribute name for what it is', () => {
    const attributes = ['__proto__', 'constructor', '__proto__'].map((name) => ({ name, value: 'x' }));
    const document = policiesDocument({ ...sparse, policies: [{ name: 'p', type: 't', attributes }] });
    expect(JSON.stringify(document.policies[0]?.attributes)).toBe(
      '{"__proto__":["x","x"],"constructor":"x"}',
    );
  });
});

describe('the history document', () => {
  const { changes, warnings } = historyDocument(everyOutcome);

  test("distinguishes a running change from one that was cut off, and from one that can't be seen", () => {
    expect(changes.map(({ outcome }) => outcome)).toEqual([
      'running',
      'unknown',
      'interrupted',
      'interrupted',
      'partial',
      'rolled-back',
      'applied',
      'applied',
    ]);
    expect(warnings).toHaveLength(1);
  });

  test('names the load balancers and ports that were to change, and what undid what', () => {
    expect(changes[4]?.loadBalancers).toEqual([
      { name: 'payments-edge-production-eu-0001', region: 'eu-central-1', instancePorts: [8443, 9000] },
      { name: 'shop-web', region: 'us-east-1', instancePorts: [8443] },
    ]);
    expect(changes[6]).toMatchObject({ action: 'undo', undoes: '20260501-123000-a1b2c3' });
    expect(changes[7]).toMatchObject({ undoneBy: '20260501-140000-99aa77', tool: 'elb-proxy 0.1.0' });
    expect(changes[3]).toMatchObject({ completedBy: '20260502-175000-c0ffee' });
    for (const key of ['undoneBy', 'completedBy']) expect(Object.keys(changes[5] ?? {})).not.toContain(key);
  });
});

describe('the error document', () => {
  test('carries what is known and nothing else', () => {
    const error = new ElbProxyError('no', { code: 'AccessDenied', fault: 'user', requestId: 'r' });
    expect(JSON.stringify(errorReport(error))).toBe(
      '{"formatVersion":1,"error":{"code":"AccessDenied","message":"no","requestId":"r"}}',
    );
    expect(errorReport(usageError('bad', 'do')).error).toEqual({ code: 'usage', message: 'bad', hint: 'do' });
  });

  test.each([new TypeError('boom'), 'boom'])('calls anything else a defect of this tool', (thrown) => {
    const { error } = errorReport(thrown);
    expect(error.code).toBe('internal');
    expect(error.message).toBe('this is a bug in elb-proxy: boom');
  });
});
