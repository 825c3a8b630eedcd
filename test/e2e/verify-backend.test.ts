import { createServer as createHttp } from 'node:http';
import { describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { verifySchema } from '../../src/render/json/verify-schema.js';
import { elbProxy } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { freePorts } from '../helpers/free-ports.js';
import { startService } from '../helpers/service.js';
import { Stage, silent } from '../peers/verify-servers.js';

const web = () => createHttp((_, response) => void response.end('ok'));
const ids = ['i-0123456789abcdef0', 'i-0123456789abcdef1'];

/** A load balancer whose two instances are at addresses of their own. */
function seed(instancePort: number, instances = ids) {
  return {
    loadBalancers: [
      { name: 'web', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort }], instances },
    ],
  };
}

describe('verify backend', () => {
  it('says first that it leaves lines in logs, then verdict, advice and evidence; exit 0', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(acceptProxyProtocol(web()));
    const ran = await elbProxyHere(['verify', 'backend', `127.0.0.1:${port}`]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^probing one backend, .* lines in a backend's log\n$/);
    expect(ran.stdout).toMatch(
      /^127\.0\.0\.1:\d+ requires the PROXY line\n {2}requires-proxy, strong, as seen from 127\.0\.0\.1\n/,
    );
    expect(ran.stdout).toMatch(/sent PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\\r\\nGET/);
  });

  it('gives one JSON document that its schema takes, and exit 4 where one differs from what is expected', async () => {
    await using stage = await Stage.open();
    const plain = `127.0.0.1:${await stage.listen(web())}`;
    const both = `localhost:${await stage.listen(acceptProxyProtocol(web(), { mode: 'optional' }))}`;
    const argv = ['verify', 'backend', plain, both, plain, '--app', 'http', '-o', 'json'];
    const ran = await elbProxyHere([...argv, '--expect', 'no-proxy']);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain(`expected no-proxy: ${both} is accepts-both`);
    const document = ran.json();
    expect(verifySchema.parse(document)).toEqual(document);
    expect(document.results).toMatchObject([
      { target: plain, verdict: 'no-proxy', confidence: 'strong', seenFrom: '127.0.0.1' },
      { target: both, verdict: 'accepts-both', confidence: 'strong' },
    ]);
    expect((await elbProxyHere(['verify', 'backend', plain, '--expect', 'no-proxy'])).code).toBe(0);
  });

  it('speaks a custom protocol', async () => {
    await using stage = await Stage.open();
    const { createServer } = await import('node:net');
    const ping = createServer((socket) =>
      socket.on(
        'data',
        (chunk) => void (chunk.toString() === 'PING\r\n' ? socket.write('+PONG\r\n') : socket.destroy()),
      ),
    );
    const target = `127.0.0.1:${await stage.listen(acceptProxyProtocol(ping))}`;
    const argv = [
      'verify',
      'backend',
      target,
      '--send',
      'PING\\r\\n',
      '--expect-reply',
      '+PONG',
      '-o',
      'json',
    ];
    expect((await elbProxyHere(argv)).json().results[0]).toMatchObject({
      verdict: 'requires-proxy',
      confidence: 'strong',
    });
  });

  it('takes the registered instances, at the addresses that EC2 knows', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(acceptProxyProtocol(web()));
    await using service = await startService(seed(port), {
      instances: { [ids[0] ?? '']: '127.0.0.1', [ids[1] ?? '']: '127.0.0.77' },
    });
    const argv = ['verify', 'backend', '--load-balancer', 'web', '--port', String(port), '-o', 'json'];
    const byVariable = await elbProxyHere(argv, {
      ...service,
      env: { AWS_ENDPOINT_URL_EC2: service.endpoint },
    });
    expect(byVariable.json().results).toMatchObject([
      { instanceId: ids[0], target: `127.0.0.1:${port}`, verdict: 'requires-proxy' },
      { instanceId: ids[1], target: `127.0.0.77:${port}`, verdict: 'inconclusive' },
    ]);
    expect(byVariable.json().results[1].reason).toContain('refused');
    const byFlag = await elbProxyHere([...argv, '--endpoint-url', service.endpoint]);
    expect(byFlag.json().results).toHaveLength(2);
  });

  it('says what is wrong with a port that is not an instance port, or a load balancer that does not exist', async () => {
    await using service = await startService(seed(8443));
    const options = { ...service, env: { AWS_ENDPOINT_URL_EC2: service.endpoint } };
    const listener = await elbProxyHere(
      ['verify', 'backend', '--load-balancer', 'web', '--port', '443'],
      options,
    );
    expect(listener.code).toBe(1);
    expect(listener.stderr).toContain('use --port 8443');
    const argv = ['verify', 'backend', '--load-balancer', 'none', '--port', '443', '-o', 'json'];
    expect((await elbProxyHere(argv, options)).json().error.code).toBe('LoadBalancerNotFound');
    const nowhere = await elbProxyHere(
      ['verify', 'backend', '--load-balancer', 'web', '--port', '8443', '-o', 'json'],
      {
        ...service,
        env: { AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' },
      },
    );
    expect(nowhere.json().error).toMatchObject({
      code: 'unreachable-endpoint',
      message: expect.stringContaining('DescribeInstances'),
    });
  });

  it('names the IAM action that EC2 misses', async () => {
    await using service = await startService(seed(8443));
    await using stage = await Stage.open();
    const body =
      '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized</Message></Error></Errors><RequestID>r-1</RequestID></Response>';
    const ec2 = await stage.listen(createHttp((_, response) => void response.writeHead(403).end(body)));
    const ran = await elbProxyHere(
      ['verify', 'backend', '--load-balancer', 'web', '--port', '8443', '-o', 'json'],
      { ...service, env: { AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${ec2}` } },
    );
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'UnauthorizedOperation',
      hint: expect.stringContaining('ec2:DescribeInstances'),
    });
  });

  it('prints what is known when it is interrupted, and ends with 130', async () => {
    await using stage = await Stage.open();
    const [quick, slow] = [await stage.listen(web()), await stage.listen(silent())];
    const argv = [
      'verify',
      'backend',
      `127.0.0.1:${quick}`,
      `127.0.0.1:${slow}`,
      `[::ffff:127.0.0.1]:${slow}`,
    ];
    const started = performance.now();
    const ran = await elbProxy([...argv, '--timeout', '60', '--concurrency', '2', '-o', 'json'], {
      onStart: (child) => void setTimeout(() => child.kill('SIGINT'), 4000),
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(ran.code).toBe(130);
    const { results, interrupted } = ran.json();
    expect(interrupted).toBe(true);
    expect(results[0]).toMatchObject({ verdict: 'no-proxy' });
    expect(results[1].reason).toContain('interrupted after');
  });

  it('says nothing but its notice while many are under way', async () => {
    await using stage = await Stage.open();
    const ports = await Promise.all(Array.from({ length: 20 }, () => stage.listen(silent())));
    const targets = ports.map((port) => `127.0.0.1:${port}`);
    const ran = await elbProxyHere([
      'verify',
      'backend',
      ...targets,
      '--timeout',
      '1',
      '--banner-wait',
      '0.2',
    ]);
    expect(ran.stderr).toMatch(
      /^probing 20 backends, .*\nelb-proxy: not every backend gave a verdict: [^]*and 15 more\n/,
    );
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain('20 backends: 20 inconclusive.');
  });

  it('waits for a socket when they run out, and does not blame the backend for it', async () => {
    await using stage = await Stage.open();
    const ports = await Promise.all(Array.from({ length: 60 }, () => stage.listen(web())));
    const targets = ports.map((port) => `127.0.0.1:${port}`);
    const argv = ['verify', 'backend', ...targets, '--banner-wait', '0.3', '-o', 'json'];
    const ran = await elbProxy(argv, { openFiles: 48 });
    const { results } = ran.json();
    expect(new Set(results.map(({ verdict }: { verdict: string }) => verdict))).toEqual(
      new Set(['no-proxy']),
    );
    expect(ran.code).toBe(0);
  });

  it('is bounded on what is down', async () => {
    const { down } = await freePorts('down');
    const argv = ['verify', 'backend', `127.0.0.1:${down}`];
    const ran = await elbProxyHere([...argv, '--expect', 'requires-proxy']);
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain('could not be reached');
    const allowed = '--allow-inconclusive';
    expect((await elbProxyHere(argv)).code).toBe(4);
    expect((await elbProxyHere([...argv, allowed])).code).toBe(0);
    // An expectation is not met by nothing.
    expect((await elbProxyHere([...argv, '--expect', 'requires-proxy', allowed])).code).toBe(4);
    expect((await elbProxyHere([...argv, '--expect', 'inconclusive'])).code).toBe(0);
  });

  it("keeps the other targets' results where one resets every connection", async () => {
    await using stage = await Stage.open();
    const { createServer } = await import('node:net');
    const resets = await stage.listen(createServer((socket) => void socket.resetAndDestroy()));
    const good = await stage.listen(web());
    const argv = ['verify', 'backend', `127.0.0.1:${good}`, `127.0.0.1:${resets}`, '--banner-wait', '0.2'];
    const ran = await elbProxyHere([...argv, '--allow-inconclusive', '-o', 'json']);
    expect(ran.code).toBe(0);
    expect(ran.json().results).toMatchObject([{ verdict: 'no-proxy' }, { verdict: 'inconclusive' }]);
  });

  it.each([
    [['verify'], 'is missing'],
    [['verify', 'both'], 'backend, listen or capture'],
    [['verify', 'backend'], 'no backend is named'],
    [['verify', 'backend', 'host'], 'is not a backend'],
    [['verify', 'backend', 'host:0'], 'is not a backend'],
    [['verify', 'backend', '::1:80'], 'is not a backend'],
    [['verify', 'backend', 'h:1', '--port', '1'], '--port only works with --load-balancer'],
    [['verify', 'backend', 'h:1', '--load-balancer', 'a'], 'both given'],
    [['verify', 'backend', '--load-balancer', 'a'], '--port'],
    [['verify', 'backend', 'h:1', '--count', '2'], '--count only works with verify listen'],
    [
      ['verify', 'listen', '--port', '0', '--allow-inconclusive'],
      '--allow-inconclusive only works with verify backend',
    ],
    [['verify', 'backend', 'h:1', '--expect', 'proxy-v1'], '--expect proxy-v1'],
    [['verify', 'backend', 'h:1', '--timeout', '0'], '--timeout 0'],
    [['verify', 'backend', 'h:1', '--concurrency', 'many'], '--concurrency many'],
    [['verify', 'backend', 'h:1', '--send', 'a\\q'], '--send'],
    [['verify', 'backend', 'h:1', '--expect-reply', 'a'], '--expect-reply only works with --send'],
    [['verify', 'backend', 'h:1', '--http-path', '/a b'], '--http-path'],
    [['verify', 'backend', 'h:1', '--http-host', 'a\r\nX: y'], '--http-host'],
  ])('%j is a usage error that names what is wrong', async (argv, words) => {
    const ran = await elbProxyHere([...argv, '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
  });
});
