import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { freePorts } from '../helpers/free-ports.js';
import { bothKindsAt, type NetworkService, startNetworkService } from '../helpers/network-service.js';
import { startRelay } from '../helpers/relay.js';
import { balanceNetwork } from '../local/elbv2/network-traffic.js';

const listen = (port: number, ...words: readonly string[]) => [
  'verify',
  'listen',
  '--port',
  String(port),
  '--timeout',
  '60',
  '-o',
  'json',
  ...words,
];

describe('verify listen through a Network Load Balancer that carries traffic', () => {
  it('goes by its name or its listener: off, then on, with its health checks kept apart', {
    timeout: 120_000,
  }, async () => {
    const { sink } = await freePorts('sink');
    await using traffic = await balanceNetwork({
      groups: [{ port: sink, healthCheck: { protocol: 'HTTP' } }],
      healthy: false,
    });
    const through = `${traffic.host}:${traffic.port}`;
    const at = bothKindsAt(traffic.local);
    const byName = listen(sink, '--load-balancer', 'edge', '--expect', 'proxy-v2');
    const off = await elbProxyHere(byName, at);
    expect(off.code).toBe(4);
    expect(off.json().through).toMatchObject({ outcome: 'arrived', target: through });
    await traffic.proxy(true);
    const shown = await elbProxyHere(
      byName.filter((word) => word !== 'json' && word !== '-o'),
      at,
    );
    expect(shown.stdout).toContain('the version 2 header is sent, and it is correct');
    for (const argv of [byName, listen(sink, '--through', through, '--expect', 'proxy-v2')]) {
      const on = await elbProxyHere(argv, at);
      expect([on.code, on.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
      expect(on.json().connections.find(({ own }: { own?: boolean }) => own)).toMatchObject({
        verdict: 'proxy-v2',
        command: 'PROXY',
        sender: 'network-load-balancer',
        destination: { address: traffic.host, port: traffic.port },
      });
    }
    const heard = elbProxyHere(['verify', 'listen', '--port', String(sink), '--timeout', '2', '-o', 'json']);
    expect((await heard).json().connections[0]).toMatchObject({
      verdict: 'proxy-v2',
      command: 'LOCAL',
      sender: 'network-load-balancer',
      healthCheck: true,
      data: 'http',
    });
  });

  it('names the address that it sends to if nothing arrives, and the command that listens there', {
    timeout: 120_000,
  }, async () => {
    const { sink } = await freePorts('sink');
    await using traffic = await balanceNetwork({
      groups: [{ port: sink, targetType: 'ip', targets: ['127.0.0.2'] }],
      healthy: false,
    });
    const at = bothKindsAt(traffic.local);
    const argv = ['verify', 'listen', '--port', String(sink), '--load-balancer', 'edge', '--timeout', '3s'];
    const none = await elbProxyHere([...argv, '-o', 'json'], at);
    expect(none.code).toBe(4);
    const { outcome, advice, next } = none.json().through;
    expect(outcome).toBe('nothing-arrived');
    expect(advice).toContain(
      `the load balancer sends to 127.0.0.2:${sink}, and this listened on 127.0.0.1:${sink} only`,
    );
    expect(next).toBe(
      `elb-proxy verify listen --port ${sink} --host 127.0.0.2 --load-balancer edge --timeout 3s`,
    );
    const again = await elbProxyHere(next.replace('3s', '60s').split(' ').slice(1), at);
    expect(again.code).toBe(0);
    // The attribute is off: how that is seen is a command with this run's own name.
    expect(again.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'neither a PROXY line nor a header is sent. See whether it is on: elb-proxy status edge --region us-east-1',
    );
  });

  it("ends the listener's TLS, and comes out in plain behind the header", { timeout: 120_000 }, async () => {
    const { sink } = await freePorts('sink');
    await using traffic = await balanceNetwork({
      groups: [{ port: sink, attributes: { 'proxy_protocol_v2.enabled': 'true' } }],
      listener: { protocol: 'TLS', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1' },
      healthy: false,
    });
    const words = ['--load-balancer', 'edge', '--target-group', 'group-0', '--expect', 'proxy-v2'];
    const ran = await elbProxyHere(listen(sink, ...words), bothKindsAt(traffic.local));
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
    expect(ran.json().connections.find(({ own }: { own?: boolean }) => own)).toMatchObject({ data: 'http' });
  });
});

const group = (name: string, port: number, more: object = {}) => ({
  name,
  protocol: 'TCP',
  port,
  targetType: 'ip' as const,
  targets: [{ id: '127.0.0.1' }],
  ...more,
});

const seed: Seed = {
  loadBalancers: [
    { name: 'web', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }] },
    { name: 'both', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }] },
    { name: 'split', listeners: [{ protocol: 'TCP', loadBalancerPort: 80, instancePort: 8080 }] },
  ],
  elbv2: {
    targetGroups: [
      group('blue', 8443),
      group('green', 8443),
      group('gray', 9443, { targets: [{ id: '127.0.0.1', port: 9000 }] }),
      group('half', 7000),
      group('rest', 7000),
      group('idle', 7100),
      group('dns', 53, { protocol: 'UDP', healthCheck: { protocol: 'TCP' } }),
      group('quic', 7200, { protocol: 'QUIC', healthCheck: { protocol: 'TCP' } }),
      group('lone', 8443),
      group('side', 9100),
      { name: 'shop', protocol: 'HTTP', port: 80 },
    ],
    loadBalancers: [
      {
        name: 'edge',
        listeners: [
          { protocol: 'TCP', port: 443, targetGroups: ['blue'] },
          { protocol: 'TCP', port: 444, targetGroups: ['green'] },
          { protocol: 'TCP', port: 445, targetGroups: ['gray'] },
          {
            protocol: 'TCP',
            port: 446,
            targetGroups: [
              { name: 'half', weight: 90 },
              { name: 'rest', weight: 10 },
              { name: 'idle', weight: 0 },
            ],
          },
          { protocol: 'UDP', port: 53, targetGroups: ['dns'] },
          { protocol: 'QUIC', port: 447, targetGroups: ['quic'] },
        ],
      },
      { name: 'both', listeners: [{ protocol: 'TCP', port: 443, targetGroups: ['lone'] }] },
      { name: 'split', listeners: [{ protocol: 'TCP', port: 443, targetGroups: ['side'] }] },
      {
        name: 'shop',
        type: 'application',
        listeners: [{ protocol: 'HTTP', port: 80, targetGroups: ['shop'] }],
      },
    ],
  },
};

describe('verify listen --load-balancer of a Network Load Balancer', () => {
  let service: NetworkService;
  beforeAll(async () => {
    service = await startNetworkService(seed);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it.each([
    [8443, 'edge', [], 'several target groups', 'blue (TCP 443), green (TCP 444)'],
    [8443, 'edge', [], '--target-group NAME', '--through'],
    [8080, 'edge', [], 'no target of edge (us-east-1) has that port', 'gray has 9000'],
    [9443, 'edge', ['--target-group', 'gray'], 'no target of gray has that port', 'gray has 9000'],
    [443, 'edge', [], "443 is a listener's port", 'blue has 8443'],
    [7000, 'edge', [], 'TCP 446', 'forwards by weights to half, rest'],
    [7100, 'edge', [], 'TCP 446', 'with weight 0'],
    [53, 'edge', [], 'UDP 53', 'carries no TCP connection'],
    [7200, 'edge', [], 'QUIC 447', 'carries no TCP connection'],
    [8443, 'edge', ['--target-group', 'red'], 'has no target group red', 'it has blue'],
    [8443, 'web', ['--target-group', 'blue'], 'is a Classic load balancer', '--port'],
    [8443, 'shop', [], 'shop', 'Application Load Balancer'],
    [8443, 'shop', ['--target-group', 'shop'], 'shop', 'Application Load Balancer'],
    [8443, 'none', [], 'no Classic or Network Load Balancer named none', 'elb-proxy status'],
    [8443, 'none', ['--target-group', 'blue'], 'none', 'us-east-1'],
  ] as const)('--port %d, %s %j: says %s, and %s', async (port, name, more, words, others) => {
    const ran = await elbProxyHere(listen(port, '--load-balancer', name, ...more), bothKindsAt(service));
    expect(ran.code).toBe(1);
    const { message, hint = '' } = ran.json().error;
    expect(`${message}; ${hint}`).toContain(words);
    expect(`${message}; ${hint}`).toContain(others);
    expect(ran.stderr).not.toContain('listening on');
  });

  it.each([
    [['edge'], 9000, 445],
    [['edge', '--target-group', 'green'], 8443, 444],
    [['both', '--target-group', 'lone'], 8443, 443],
    // Of two namesakes only one has the port.
    [['split'], 9100, 443],
    [['split'], 8080, 80],
  ])('%j: connects to the listener that leads to port %d', async (words, port, listener) => {
    // Nothing carries traffic here: where it went is in what it says.
    const [name = '', ...more] = words;
    const argv = ['verify', 'listen', '--port', String(port), '--timeout', '1', '--load-balancer', name];
    const ran = await elbProxyHere([...argv, ...more, '-o', 'json'], bothKindsAt(service));
    const classic = port === 8080;
    const host = classic
      ? service.local.loadBalancers().find((one) => one.loadBalancerName === name)?.dnsName
      : service.local.elbv2().loadBalancers.find((one) => one.name === name)?.dnsName;
    expect(ran.json().through).toMatchObject({ outcome: 'not-there', target: `${host}:${listener}` });
    expect(ran.code).toBe(4);
  });

  it('takes neither of two namesakes that both have the port, and names a command for each', async () => {
    const asked = listen(8443, '--load-balancer', 'both', '--host', '127.0.0.9', '--expect', 'proxy-v2');
    const ran = await elbProxyHere(asked, bothKindsAt(service));
    expect(ran.code).toBe(1);
    const { code, message, hint } = ran.json().error;
    expect(code).toBe('usage');
    expect(message).toContain('a Classic and of a Network Load Balancer, and port 8443 is behind both');
    const dnsName = service.local.loadBalancers().find((one) => one.loadBalancerName === 'both')?.dnsName;
    const kept = 'elb-proxy verify listen --port 8443 --host 127.0.0.9';
    expect(hint.split('\n')).toEqual([
      `for the Network one: ${kept} --load-balancer both --target-group lone --timeout 60 --expect proxy-v2`,
      `for the Classic one: ${kept} --through ${dnsName}:443 --timeout 60 --expect proxy-v2`,
    ]);
  });

  it.each([
    ['AccessDenied', 403, 'not-there'],
    // Not known for the moment only: then it is not known which one is meant.
    ['Throttling', 400, undefined],
  ])("if the other kind can't be read for %s: %d", async (error, status, outcome) => {
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'elbv2 DescribeLoadBalancers' ? { error, status, message: 'no' } : 'pass',
    );
    const argv = ['verify', 'listen', '--port', '8443', '--load-balancer', 'both', '--timeout', '1'];
    const { endpoint, env } = bothKindsAt(relay);
    const ran = await elbProxyHere([...argv, '-o', 'json'], {
      endpoint,
      env: { ...env, AWS_MAX_ATTEMPTS: '1' },
    });
    expect(ran.json().through?.outcome).toBe(outcome);
    if (outcome === undefined) expect(ran.json().error.code).toBe('Throttling');
  });

  const denied = { error: 'AccessDenied', status: 403, message: 'not authorized' };

  it.each([
    ['elbv2 DescribeLoadBalancers', [], 'not authorized'],
    ['elbv2 DescribeLoadBalancers', ['--target-group', 'blue'], 'not authorized'],
    ['DescribeListeners', ['--target-group', 'blue'], 'not authorized'],
    ['DescribeTargetGroups', ['--target-group', 'blue'], 'not authorized'],
  ])('says that the right to %s is missing: %j', async (action, more, words) => {
    await using relay = await startRelay(service.endpoint, async (call) =>
      call.action === action ? denied : 'pass',
    );
    const ran = await elbProxyHere(listen(8443, '--load-balancer', 'edge', ...more), bothKindsAt(relay));
    expect(ran.code).toBe(1);
    const { message } = ran.json().error;
    expect(message).toContain(words);
    expect(message).toContain(action.replace('elbv2 ', ''));
  });

  it("takes a group's own port without the right to the targets, and says so", async () => {
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'DescribeTargetHealth' ? denied : 'pass',
    );
    const words = ['--load-balancer', 'edge', '--target-group', 'blue', '--timeout', '1'];
    const ran = await elbProxyHere(
      ['verify', 'listen', '--port', '8443', ...words, '-o', 'json'],
      bothKindsAt(relay),
    );
    expect(ran.stderr).toContain('not authorized');
    expect(ran.json().through.target).toMatch(/:443$/);
  });

  it('says that no Classic one exists without an endpoint for the newer API', async () => {
    const ran = await elbProxyHere(listen(8443, '--load-balancer', 'edge'), {
      endpoint: service.endpoint,
      env: { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: undefined },
    });
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'LoadBalancerNotFound',
      message: expect.stringContaining('edge'),
    });
  });
});
