import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

let service: Service;
beforeAll(async () => {
  service = await startService('demo', { dataPlane: false });
});
afterAll(() => service[Symbol.asyncDispose]());

const run = (...argv: readonly string[]) =>
  elbProxyHere(['haproxy-config', ...argv], { endpoint: service.endpoint });

describe('elb-proxy haproxy-config', () => {
  it('prints the configuration alone on stdout, and what is left to do on stderr', async () => {
    const { code, stdout, stderr } = await run('web');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# HAProxy 2\.6 or newer instead of the Classic Load Balancer web \(us-east-1\)\n/,
    );
    expect(stdout).toMatch(/\n {4}server 127\.0\.0\.1 127\.0\.0\.1:9000\n$/);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^warning: an SSL or HTTPS listener needs a certificate: .*--certificate FILE$/),
      expect.stringMatching(/^warning: 127\.0\.0\.1:8443 would be both a listener's and a backend's/),
    ]);
  });

  it('is quiet if nothing is left to do', async () => {
    const { code, stdout, stderr } = await run(
      'web',
      '--backend',
      'app-1,app-2',
      '--backend',
      '10.0.0.3',
      '--bind',
      '*',
      '--certificate',
      '/tmp/a b.pem',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/^ {4}server .*:8443$/gm)).toEqual([
      '    server app-1 app-1:8443',
      '    server app-2 app-2:8443',
      '    server 10.0.0.3 10.0.0.3:8443',
    ]);
    expect(stdout).toContain("    bind *:8443 ssl crt '/tmp/a b.pem'\n");
  });

  it('is one document with --output json', async () => {
    const text = await run('legacy', '--bind', '127.0.0.2');
    const ran = await run('legacy', '--bind', '127.0.0.2', '-o', 'json');
    expect([ran.code, ran.json()]).toEqual([0, { formatVersion: 1, config: text.stdout }]);
  });

  it('only reads, and looks for a Network Load Balancer of that name if no option says which is meant', async () => {
    const callsOf = async (...argv: readonly string[]) => {
      await using relay = await startRelay(service.endpoint);
      await elbProxyHere(['haproxy-config', 'legacy', ...argv], { endpoint: relay.endpoint });
      return relay.calls.map(({ action }) => action);
    };
    const reads = ['DescribeLoadBalancers', 'DescribeLoadBalancerPolicies'];
    expect(await callsOf('--kind', 'classic')).toEqual(reads);
    expect(await callsOf()).toEqual([...reads, 'elbv2 DescribeLoadBalancers']);
  });

  it.each([
    [['web', '--backend', 'app:80'], '--backend "app:80": neither a host name nor an IP address'],
    [['web', '--bind', 'nowhere'], '--bind "nowhere": not an IP address'],
    [['web', '--websocket-port', 'x'], '--websocket-port x: a port is a number from 1 to 65535'],
    [['web', 'legacy'], 'unexpected argument "legacy"'],
    [[], '<name> is missing'],
  ])('refuses %j before it asks for anything', async (argv, message) => {
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['haproxy-config', ...argv, '-o', 'json'], { endpoint: relay.endpoint });
    expect([ran.code, relay.calls, ran.json()]).toEqual([
      1,
      [],
      expect.objectContaining({ error: expect.objectContaining({ code: 'usage', message }) }),
    ]);
  });

  it('says which WebSocket ports there are to choose from', async () => {
    const { code, stdout, stderr } = await run('legacy', '--websocket-port', '8080');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('these have it: 2525');
  });

  it('says that the load balancer does not exist', async () => {
    const ran = await run('nope', '-o', 'json');
    expect([ran.code, ran.json().error.code]).toEqual([1, 'LoadBalancerNotFound']);
  });
});
