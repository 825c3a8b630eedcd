import { describe, expect, it } from 'vitest';
import { networkHaproxyConfig } from '../../src/haproxy/network-haproxy-config.js';
import {
  groupArn,
  loadBalancerArn,
  networkListener,
  nlb,
  targetGroup,
  withProxy,
} from '../core/network-builders.js';

const on = [loadBalancerArn('web')];

const lines = (text: string) => text.split('\n').map((line) => line.trim());

describe('a configuration instead of a Network Load Balancer', () => {
  it('sends version 2 with a checksum where the attribute is on, in traffic and HTTP checks', () => {
    const config = lines(
      networkHaproxyConfig(nlb({ targetGroups: [targetGroup({ attributes: withProxy('true') })] })),
    );
    expect(config).toContain('bind 127.0.0.1:443');
    expect(config).toContain('default_backend web-target-group-web-tls');
    expect(config).toContain('http-check expect status 200-399');
    expect(config).toContain(
      'server 127.0.0.1 127.0.0.1:8443 check port 8443 check-send-proxy inter 30s fall 2 rise 5 send-proxy-v2 proxy-v2-options crc32c',
    );
  });

  it('names the targets that its servers are in for, the first ten, and what it does not do', () => {
    const targets = Array.from({ length: 12 }, (_, nth) => ({ id: `10.0.0.${nth}`, port: 8443 }));
    const config = networkHaproxyConfig(nlb({ targetGroups: [targetGroup({ targets })] }));
    const text = config.replaceAll(/\s*\n\s*#\s*/g, ' ');
    expect(text).toContain('Registered targets: 10.0.0.0, 10.0.0.1, ');
    expect(text).toContain('10.0.0.9 and 2 more. Replaced by 127.0.0.1.');
    expect(text).toContain('With no healthy target, a Network Load Balancer sends to all of them');
  });

  it('sends none where it is off', () => {
    const config = networkHaproxyConfig(nlb());
    expect(config).toContain('server 127.0.0.1 127.0.0.1:8443 check port 8443 inter 30s');
    expect(config).not.toMatch(/send-proxy/);
  });

  it('checks another port with the header, too, as the load balancer does; a TCP check has none', () => {
    const check = (protocol: string) =>
      networkHaproxyConfig(
        nlb({
          targetGroups: [
            targetGroup({
              attributes: withProxy('true'),
              healthCheck: { enabled: true, protocol, port: '9000' },
            }),
          ],
        }),
      );
    expect(check('HTTP')).toContain('check port 9000 check-send-proxy send-proxy-v2');
    expect(check('TCP')).toContain('check port 9000 send-proxy-v2');
    expect(check('HTTPS')).toContain('check port 9000 check-send-proxy check-ssl verify none');
  });

  it('has a server for each host and each port that targets have, and speaks TLS to a TLS group', () => {
    const targets = [8443, 8444].map((port) => ({ id: 'i-1', port }));
    const group = targetGroup({ protocol: 'TLS', targets, attributes: withProxy('true') });
    const config = networkHaproxyConfig(nlb({ targetGroups: [group] }), { backends: ['app-1', 'app-2'] });
    expect(config.match(/^ {4}server .*$/gm)?.map((line) => line.split(' ').slice(5, 7))).toEqual([
      ['app-1-8443', 'app-1:8443'],
      ['app-1-8444', 'app-1:8444'],
      ['app-2-8443', 'app-2:8443'],
      ['app-2-8444', 'app-2:8444'],
    ]);
    expect(config.match(/ssl verify none/g)).toHaveLength(4);
  });

  it('divides by weights, ends TLS, and says what it leaves out', () => {
    const config = networkHaproxyConfig(
      nlb({
        listeners: [
          networkListener({
            port: 443,
            protocol: 'TLS',
            targetGroups: [
              { arn: groupArn('a'), weight: 90 },
              { arn: groupArn('b'), weight: 8 },
              { arn: groupArn('c'), weight: 2 },
            ],
          }),
          networkListener({ port: 53, protocol: 'UDP' }, 'a'),
          networkListener({ port: 444, targetGroups: [] }),
        ],
        targetGroups: [
          targetGroup({ name: 'a', loadBalancerArns: on }),
          targetGroup({ name: 'b', loadBalancerArns: on }),
          targetGroup({ name: 'c', loadBalancerArns: on }),
          targetGroup({ name: 'unused', loadBalancerArns: on }),
        ],
      }),
      { certificate: '/etc/web.pem' },
    );
    expect(config).toContain('bind 127.0.0.1:443 ssl crt /etc/web.pem');
    expect(config).toContain('use_backend web-target-group-a if { rand(100) lt 90 }');
    expect(config).toContain('use_backend web-target-group-b if { rand(10) lt 8 }');
    expect(config).toContain('default_backend web-target-group-c');
    expect(config).toContain('# Left out: listener UDP 53: HAProxy forwards no datagrams');
    expect(config).toContain('# Left out: listener TCP 444: it forwards to no target group');
    expect(config).not.toContain('unused');
  });

  it('is not confused by names', () => {
    const name = 'x\n    server evil 1.2.3.4:1';
    const config = networkHaproxyConfig(
      nlb({
        name: 'web\nglobal',
        listeners: [networkListener({}, name)],
        targetGroups: [
          targetGroup({
            name,
            healthCheck: {
              enabled: true,
              protocol: 'HTTP',
              port: '1\nevil',
              path: '/\nevil',
              matcher: '2\n',
            },
          }),
        ],
      }),
    );
    expect(lines(config).filter((line) => /^(?:server evil|evil|global$)/.test(line))).toEqual(['global']);
  });
});
