import { describe, expect, it } from 'vitest';
import { networkEquivalents } from '../../src/core/network-equivalent.js';
import { instancePortStatuses } from '../../src/core/status.js';
import { auth, listener, lists, proxy, web } from './builders.js';

const equivalents = (found: Parameters<typeof web>[0]) => {
  const loadBalancer = web({ policies: [proxy('p'), proxy('off', 'false'), auth('a')], ...found });
  return networkEquivalents({ ...loadBalancer, instancePorts: instancePortStatuses(loadBalancer) });
};
const on = { backendServers: lists({ 8443: ['p'] }) };

describe('a listener of a Network Load Balancer', () => {
  it.each([
    ['TCP', 'TCP', 'TCP 443', 'TCP 8443'],
    ['SSL', 'TCP', 'TLS 443', 'TCP 8443'],
    ['SSL', 'SSL', 'TLS 443', 'TLS 8443'],
    ['HTTPS', 'HTTP', 'TLS 443', 'TCP 8443'],
    ['HTTP', 'HTTP', 'TCP 443', 'TCP 8443'],
  ])(
    'a listener of a Network Load Balancer for %s to %s is %s, with a group of %s',
    (protocol, instanceProtocol, networkListener, targetGroup) => {
      expect(equivalents({ listeners: [listener({ protocol, instanceProtocol })] })).toMatchObject([
        { networkListener, targetGroup },
      ]);
    },
  );

  it('is one for each listener, by its port', () => {
    const ports = equivalents({
      listeners: [listener({ loadBalancerPort: 443 }), listener({ loadBalancerPort: 80 })],
    }).map(({ networkListener }) => networkListener);
    expect(ports).toEqual(['TCP 80', 'TCP 443']);
  });

  it('does not read requests', () => {
    const [http] = equivalents({ listeners: [listener({ protocol: 'HTTP' })], ...on });
    expect(http?.proxyProtocol).toBe(false);
    expect(http?.differences.join(' ')).toContain('X-Forwarded-For');
  });
});

describe('the attribute', () => {
  it.each([
    ['where the line is sent', ['p'], true],
    ['where it is not', ['a'], false],
    ['where policies contradict each other', ['p', 'off'], undefined],
  ])('%s', (_where, names, expected) => {
    const [one] = equivalents({ backendServers: lists({ 8443: names }) });
    expect(one?.proxyProtocol).toBe(expected);
  });

  it('brings version 2, in front of TLS where the group speaks it', () => {
    const [plain] = equivalents(on);
    expect(plain?.differences.join(' ')).toMatch(/version 2.*speaks first/);
    expect(plain?.differences.join(' ')).not.toContain('handshake');
    const [tls] = equivalents({ ...on, listeners: [listener({ protocol: 'SSL' })] });
    expect(tls?.differences.join(' ')).toContain('before the TLS handshake');
  });

  it('is not needed for the client’s address where it is off', () => {
    expect(equivalents({})[0]?.differences).toEqual([
      'Targets of type instance see the client’s own address without any header.',
    ]);
  });
});

describe('the health check', () => {
  it.each([
    ['HTTP:8443/health', 'HTTP on the traffic port, path /health', 'may require one'],
    ['HTTPS:8443/', 'HTTPS on the traffic port, path /', 'may require one'],
    ['HTTP:9999/ok', 'HTTP on port 9999, path /ok', 'on that other port'],
    ['TCP:9999', 'TCP on port 9999', undefined],
    ['SSL:8443', 'TCP on the traffic port', 'no handshake'],
  ])('%s becomes %s', (target, words, difference) => {
    const [one] = equivalents({ ...on, healthCheck: { target } });
    expect(one?.healthCheck).toBe(words);
    const said = one?.differences.join(' ') ?? '';
    if (difference === undefined) expect(said).not.toMatch(/LOCAL|handshake/);
    else expect(said).toContain(difference);
  });

  it('carries nothing while the attribute is off, and is not known where the service leaves it out', () => {
    expect(equivalents({ healthCheck: { target: 'HTTP:8443/' } })[0]?.differences.join(' ')).not.toContain(
      'LOCAL',
    );
    expect(equivalents({ healthCheck: undefined })[0]).not.toHaveProperty('healthCheck', expect.any(String));
    expect(equivalents({ healthCheck: { target: 'nonsense' } })[0]?.healthCheck).toBeUndefined();
  });
});

it('policies of other types stay behind, by name', () => {
  const [one] = equivalents({
    listeners: [listener({ policyNames: ['sticky'] })],
    backendServers: lists({ 8443: ['a', 'p'] }),
  });
  expect(one?.differences.at(-1)).toContain('(sticky, a)');
  expect(equivalents(on)[0]?.differences.join(' ')).not.toContain('stay behind');
});
