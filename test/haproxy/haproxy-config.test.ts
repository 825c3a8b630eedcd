import { describe, expect, it } from 'vitest';
import type { LoadBalancer } from '../../src/core/model.js';
import { haproxyConfig } from '../../src/haproxy/haproxy-config.js';
import { listener, lists, proxy, web } from '../core/builders.js';
import { fc } from '../helpers/fast-check.js';
import { cases, hostileText } from './cases.js';

/** What HAProxy sees: all lines but comments and blank ones. */
function directives(config: string): readonly string[] {
  return config
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The server lines, by the backend that they are in. */
function servers(config: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  let backend = '';
  for (const line of directives(config)) {
    if (line.startsWith('backend ')) backend = line.slice('backend '.length);
    if (line.startsWith('server ')) (found[backend] ??= []).push(line);
  }
  return found;
}

describe('the configuration', () => {
  it.each(Object.entries(cases))('is the golden file for %s', async (name, { loadBalancer, options }) => {
    await expect(haproxyConfig(loadBalancer, options)).toMatchFileSnapshot(`golden/${name}.cfg`);
  });

  it('has send-proxy exactly on the instance ports that have the policy, by type and attribute', () => {
    const loadBalancer = web({
      listeners: [1, 2, 3, 4].map((port) =>
        listener({ loadBalancerPort: 440 + port, instancePort: 8000 + port }),
      ),
      policies: [
        proxy('any-name', 'TRUE'),
        proxy('ProxyProtocol-enabled', 'false'),
        { name: 'proxy-protocol', type: 'PublicKeyPolicyType', attributes: [] },
      ],
      backendServers: lists({
        8001: ['any-name'],
        8002: ['ProxyProtocol-enabled'],
        8003: ['proxy-protocol'],
      }),
    });
    const lines = Object.values(servers(haproxyConfig(loadBalancer, { backends: ['a', 'b'] }))).flat();
    expect(lines).toHaveLength(8);
    expect(lines.filter((line) => line.includes('send-proxy')).map((line) => line.split(' ')[2])).toEqual([
      'a:8001',
      'b:8001',
    ]);
  });

  it('never has the line on plain requests of an HTTP listener, whatever the policies', () => {
    const found = servers(haproxyConfig(cases['mixed']!.loadBalancer));
    expect(found['web-instance-port-8080-http']?.join()).not.toContain('send-proxy');
    expect(found['web-instance-port-8080-tcp']?.join()).toContain(' send-proxy');
    expect(found['web-instance-port-8080-websocket']?.join()).toContain(' send-proxy');
  });

  it('sends WebSocket requests to the chosen one of several ports', () => {
    const { loadBalancer } = cases['mixed']!;
    expect(haproxyConfig(loadBalancer)).toContain('use_backend web-instance-port-8080-websocket if');
    expect(haproxyConfig(loadBalancer, { websocketPort: 7000 })).toContain(
      'use_backend web-instance-port-7000-websocket if',
    );
  });

  it('prefers a port behind a TCP listener for them: only there the load balancer sends the line', () => {
    const loadBalancer = web({
      listeners: [
        listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 }),
        listener({ loadBalancerPort: 81, instancePort: 9000 }),
      ],
      policies: [proxy('pp')],
      backendServers: lists({ 8080: ['pp'], 9000: ['pp'] }),
    });
    expect(haproxyConfig(loadBalancer)).toContain('use_backend web-instance-port-9000-websocket if');
  });

  it('has one server for each backend host, each once', () => {
    const config = haproxyConfig(web(), { backends: ['app-1', '10.0.0.1', '[2001:db8::1]', 'app-1'] });
    expect(Object.values(servers(config)).flat()).toEqual([
      'server app-1 app-1:8443',
      'server 10.0.0.1 10.0.0.1:8443',
      'server 2001:db8::1 [2001:db8::1]:8443',
    ]);
  });

  it('says the same for the same load balancer in any order of its listeners', () => {
    const { loadBalancer } = cases['http-with-websockets']!;
    const turned = { ...loadBalancer, listeners: loadBalancer.listeners.toReversed() };
    expect(haproxyConfig(turned)).toBe(haproxyConfig(loadBalancer));
  });

  it('says that there is nothing to start without a listener', () => {
    expect(haproxyConfig(web({ listeners: [] }))).toContain('# No listener: HAProxy has nothing to start.');
  });
});

describe('names from the API', () => {
  /** A load balancer that has the text wherever the API gives text. */
  function named(text: string, target: string): LoadBalancer {
    return web({
      name: text,
      region: text,
      instanceIds: [text],
      listeners: [
        listener({ policyNames: [text] }),
        listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 }),
        listener({ protocol: `_${text}`, loadBalancerPort: 81 }),
      ],
      policies: [proxy(text)],
      backendServers: lists({ 8443: [text], 7000: [text] }),
      healthCheck: { target },
    });
  }

  const withoutNames = (lines: readonly string[]) =>
    lines.map((line) => line.replaceAll(/[\w-]+-(?=(instance-port-)?\d)/g, 'NAME-'));
  const expected = withoutNames(directives(haproxyConfig(named('web', 'TCP:8443'))));
  const nasty = fc.string({ unit: fc.constantFrom(...'\n\r\t \u0000\u0085\u2028"\'#$\\{}%a;-'.split('')) });

  it('add no directive and change none', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.constant(hostileText)), (text) => {
        const config = haproxyConfig(named(text, 'TCP:8443'));
        expect(withoutNames(directives(config))).toEqual(expected);
        expect(config).not.toMatch(/[^\n\P{C}]/u);
      }),
    );
  });

  it('cannot leave the one word of a health check that they are', () => {
    const withoutCheck = directives(haproxyConfig({ ...named('web', ''), healthCheck: undefined }));
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        const lines = directives(haproxyConfig(named('web', `HTTP:8443/${text}`)));
        const sends = lines.filter((line) => line.startsWith('http-check send '));
        for (const line of sends) {
          const word =
            /^http-check send meth GET uri (\S+) ver HTTP\/1\.1 hdr Host \S+ hdr User-Agent \S+$/.exec(line);
          expect(unquoted(word?.[1] ?? '')).toBe(`/${text}`);
        }
        const others = lines.filter((line) => !/^(http-check|option httpchk|default-server)/.test(line));
        expect(others).toEqual(withoutCheck);
      }),
    );
  });
});

/** A word as HAProxy reads it, of single quotes and escaped characters (configuration manual, section 2.2). */
function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|\\(.)/g,
    (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? '',
  );
}
