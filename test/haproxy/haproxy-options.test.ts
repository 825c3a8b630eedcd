import { describe, expect, it } from 'vitest';
import { hostAndPort } from '../../src/core/host-and-port.js';
import { haproxyConfig } from '../../src/haproxy/haproxy-config.js';
import { checkedOptions } from '../../src/haproxy/haproxy-options.js';
import { haproxyWarnings } from '../../src/haproxy/haproxy-warnings.js';
import { listener, lists, proxy, web } from '../core/builders.js';
import { cases } from './cases.js';

describe('options', () => {
  it('have defaults that expose nothing to a network', () => {
    expect(checkedOptions({})).toMatchObject({ bind: '127.0.0.1', backends: ['127.0.0.1'] });
  });

  it.each(['app', 'app-1.internal', 'app_1', '10.0.0.1', '2001:db8::1', '[::1]', 'host.docker.internal.'])(
    'take the backend %s',
    (host) => {
      expect(checkedOptions({ backends: [host] }).backends).toEqual([host.replaceAll(/[[\]]/g, '')]);
    },
  );

  it.each([
    '',
    'a b',
    'a\nb',
    'app:80',
    '[::1]:80',
    '10.0.0',
    '256.0.0.1',
    '-a',
    'a..b',
    'fe80::1%eth0',
    'a#b',
    "a'b",
    '*',
    'http://a',
    'x'.repeat(64),
  ])('refuse the backend %j', (host) => {
    expect(() => checkedOptions({ backends: ['ok', host] })).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(JSON.stringify(host)) }),
    );
  });

  it.each(['*', '0.0.0.0', '127.0.0.2', '::', '[::1]'])('take the address %s to bind to', (bind) => {
    expect(() => checkedOptions({ bind })).not.toThrow();
  });

  it.each(['', 'localhost', '127.0.0.1:80', '*:80', '127.0.0.1 ssl', '/run/x.sock', 'fd@3', 'fe80::1%lo'])(
    'refuse the address %j to bind to',
    (bind) => {
      expect(() => checkedOptions({ bind })).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  it.each(['', ' ', 'a\nb'])('refuse the certificate %j', (certificate) => {
    expect(() => checkedOptions({ certificate })).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('refuse a WebSocket port without the policy, and say which ones have it', () => {
    expect(() => haproxyConfig(cases['mixed']!.loadBalancer, { websocketPort: 1 })).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'these have it: 7000, 8080' }),
    );
    expect(() => haproxyConfig(web(), { websocketPort: 8443 })).toThrow(
      expect.objectContaining({ hint: 'none has it; add it with: elb-proxy enable web --port N' }),
    );
  });

  it('put brackets around an IPv6 address', () => {
    expect([hostAndPort('::1', 80), hostAndPort('a', 80)]).toEqual(['[::1]:80', 'a:80']);
  });
});

describe('warnings', () => {
  it('are none where nothing is left to do', () => {
    expect(haproxyWarnings(web())).toEqual([]);
  });

  it('warn of a missing certificate', () => {
    const loadBalancer = web({ listeners: [listener({ protocol: 'SSL' })] });
    expect(haproxyWarnings(loadBalancer)).toEqual([expect.stringContaining('/etc/haproxy/web.pem')]);
    expect(haproxyWarnings(loadBalancer, { certificate: 'web.pem' })).toEqual([]);
  });

  it.each([
    [{}, '127.0.0.1:8443'],
    [{ bind: '*' }, '127.0.0.1:8443'],
    [{ bind: '::', backends: ['::1'] }, '[::1]:8443'],
    [{ backends: ['app', 'localhost'] }, 'localhost:8443'],
    [{ bind: '127.0.0.2' }, undefined],
    [{ bind: '*', backends: ['app'] }, undefined],
    [{ backends: ['10.0.0.1'] }, undefined],
  ])('warn where HAProxy would connect to itself, by %j', (options, where) => {
    const warnings = haproxyWarnings(web({ listeners: [listener({ loadBalancerPort: 8443 })] }), options);
    expect(warnings).toEqual(where === undefined ? [] : [expect.stringContaining(`${where} would be both`)]);
  });

  it('warn of a choice between ports for WebSocket requests until it is made', () => {
    const loadBalancer = web({
      listeners: [80, 81, 82].map((port) =>
        listener({
          protocol: port === 80 ? 'HTTP' : 'TCP',
          loadBalancerPort: port,
          instancePort: 8000 + port,
        }),
      ),
      policies: [proxy('pp')],
      backendServers: lists({ 8081: ['pp'], 8082: ['pp'] }),
    });
    expect(haproxyWarnings(loadBalancer)).toEqual([expect.stringContaining('(8081, 8082)')]);
    expect(haproxyWarnings(loadBalancer, { websocketPort: 8082 })).toEqual([]);
  });

  it('warn of a listener that is left out', () => {
    const loadBalancer = web({
      listeners: [listener(), listener({ protocol: 'UDP', loadBalancerPort: 53 })],
    });
    expect(haproxyWarnings(loadBalancer)).toEqual([
      'the listener on port 53 is left out: the protocol is not known',
    ]);
  });
});
