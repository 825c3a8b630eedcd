import { describe, expect, it } from 'vitest';
import { proxyPolicyKind } from '../../src/core/policy.js';
import {
  forwardedInstancePorts,
  instancePortStatus,
  instancePortStatuses,
  instancePorts,
  notKnownOf,
} from '../../src/core/status.js';
import { auth, listener, lists, proxy, web } from './builders.js';

const policies = [proxy('on', 'True'), proxy('on-2'), proxy('off', 'FALSE'), proxy('bare', null), auth('a')];
const of = (list: readonly string[], known = policies) =>
  instancePortStatus(web({ policies: known, backendServers: lists({ 8443: list }) }), 8443);

describe('an instance port', () => {
  it.each([
    [['on'], 'enabled', ['on']],
    [['a', 'on', 'on-2'], 'enabled', ['on', 'on-2']],
    [['on', 'off'], 'conflicting', ['on']],
    [['off', 'a', 'on'], 'conflicting', ['on']],
    [['off'], 'disabled', []],
    [['a', 'bare'], 'disabled', []],
    [[], 'disabled', []],
    [['on', 'bare'], 'enabled', ['on']],
  ])('an instance port with the list %j is %s', (list, proxyProtocol, proxyPolicyNames) => {
    expect(of(list)).toMatchObject({
      instancePort: 8443,
      proxyProtocol,
      policyNames: list,
      proxyPolicyNames,
    });
  });

  it.each([
    [['TCP'], 'all'],
    [['SSL', 'TCP'], 'all'],
    [['TCP', 'HTTP'], 'some'],
    [['HTTP', 'HTTPS'], 'none'],
    [[], 'none'],
  ])('that is enabled behind %j listeners sends the line on %s of its connections', (protocols, sends) => {
    const listeners = protocols.map((protocol, index) => ({
      protocol,
      loadBalancerPort: 1000 + index,
      instanceProtocol: 'TCP',
      instancePort: 8443,
      policyNames: [],
    }));
    const loadBalancer = { ...web({ policies, backendServers: lists({ 8443: ['on'] }) }), listeners };
    expect(instancePortStatus(loadBalancer, 8443).sends).toBe(sends);
  });

  it('that is off sends none, and what a conflicting one sends is not known', () => {
    expect(of([]).sends).toBe('none');
    expect(of(['on', 'off'])).not.toHaveProperty('sends');
  });

  it('is not enabled by a policy of the right name and another type', () => {
    expect(of(['ProxyProtocol-enabled'], [auth('ProxyProtocol-enabled')]).proxyProtocol).toBe('disabled');
  });

  it('that has no list at all is disabled', () => {
    expect(instancePortStatus(web({ policies: undefined }), 8443)).toMatchObject({
      proxyProtocol: 'disabled',
      policyNames: [],
    });
  });
});

describe('the attribute', () => {
  it.each([
    ['true', 'on'],
    ['True', 'on'],
    ['TRUE', 'on'],
    [' true ', 'on'],
    ['false', 'off'],
    ['False', 'off'],
    ['yes', 'other'],
    ['1', 'other'],
    ['', 'other'],
    ['truest', 'other'],
  ])('%j means %s', (value, kind) => {
    expect(proxyPolicyKind(proxy('p', value))).toBe(kind);
  });

  it('means nothing under another name, and nothing on another type', () => {
    expect(proxyPolicyKind({ ...proxy('p'), attributes: [{ name: 'proxyprotocol', value: 'true' }] })).toBe(
      'other',
    );
    expect(proxyPolicyKind({ ...proxy('p'), type: 'proxyprotocolpolicytype' })).toBe('other');
  });

  it('given twice counts as true where one of them is', () => {
    const attributes = ['false', 'true'].map((value) => ({ name: 'ProxyProtocol', value }));
    expect(proxyPolicyKind({ ...proxy('p'), attributes })).toBe('on');
  });
});

describe('the instance ports', () => {
  const loadBalancer = web({
    listeners: [
      listener({ loadBalancerPort: 1, instancePort: 9443 }),
      listener({ loadBalancerPort: 2, instancePort: 80, protocol: 'HTTP' }),
      listener({ loadBalancerPort: 3, instancePort: 9443, protocol: 'SSL' }),
    ],
    policies,
    backendServers: lists({ 9443: ['on'], 100: ['a'] }),
  });

  it('are those of listeners and those that have policies, ascending, each once', () => {
    expect(instancePorts(loadBalancer)).toEqual([80, 100, 9443]);
    expect(instancePortStatuses(loadBalancer).map(({ proxyProtocol }) => proxyProtocol)).toEqual([
      'disabled',
      'disabled',
      'enabled',
    ]);
  });

  it('that can send the line are those behind TCP and SSL listeners', () => {
    expect(forwardedInstancePorts(loadBalancer)).toEqual([9443]);
  });
});

describe('what the service left out', () => {
  const listed = { policies: [proxy('on')], backendServers: lists({ 8443: ['on'] }) };
  const listeners = [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })];

  it('is nothing where it answered everything', () => {
    expect(notKnownOf(web({ ...listed, listeners }))).toBeUndefined();
  });

  it.each([
    ['every list', { missing: [{ field: 'BackendServerDescriptions' }], backendServers: [] }, [8443, 9443]],
    ['the port of a list', { missing: [{ field: 'BackendServerDescriptions[].InstancePort' }] }, [9443]],
    [
      'the names of a list',
      { missing: [{ field: 'BackendServerDescriptions[7443].PolicyNames', instancePort: 7443 }] },
      [7443],
    ],
    ['the listeners', { missing: [{ field: 'ListenerDescriptions' }], listeners: [] }, []],
    ['what a policy on a list is', { policies: [] }, [8443]],
    ['its type', { policies: [{ ...proxy('on'), missing: 'PolicyTypeName' as const }] }, [8443]],
    [
      'the type of a policy on no list',
      { policies: [proxy('on'), { ...auth('a'), missing: 'PolicyTypeName' as const }] },
      [],
    ],
  ])('%s: it is not known of the ports that it concerns what they send', (_what, found, concerned) => {
    const ports: readonly number[] = concerned;
    const loadBalancer = web({ ...listed, listeners, ...found });
    expect(notKnownOf(loadBalancer)?.instancePorts).toEqual(ports);
    expect(instancePortStatuses(loadBalancer).map(({ instancePort }) => instancePort)).toEqual(
      [8443, 9443].filter((port) => !ports.includes(port) && instancePorts(loadBalancer).includes(port)),
    );
  });

  it('may be a listener: then how many connections carry the line is not known, nor that a port has none', () => {
    const missing = [{ field: 'ListenerDescriptions[].Listener' }];
    expect(instancePortStatus(web({ ...listed, listeners, missing }), 8443).sends).toBeUndefined();
  });
});
