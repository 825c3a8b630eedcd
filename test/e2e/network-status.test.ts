import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { fleetSeed, startFleet } from '../helpers/fleet.js';
import { bothKindsAt, startNetworkService } from '../helpers/network-service.js';
import { startRelay } from '../helpers/relay.js';
import { unwrapped } from '../helpers/unwrapped.js';

type ElbV2 = NonNullable<Seed['elbv2']>;

/** Load balancers `nlb-00000`…, each with two groups, of which the first has the header on in every second one. */
function networkSeed(count: number): ElbV2 {
  const names = Array.from({ length: count }, (_, nth) => `nlb-${String(nth).padStart(5, '0')}`);
  return {
    targetGroups: names.flatMap((name, nth) => [
      {
        name: `${name}-a`,
        protocol: 'TCP',
        port: 8443,
        attributes: { 'proxy_protocol_v2.enabled': nth % 2 === 0 ? 'true' : 'false' },
      },
      { name: `${name}-b`, protocol: 'TCP', port: 9443, listsDefaults: false },
    ]),
    loadBalancers: names.map((name) => ({
      name,
      listeners: [
        { protocol: 'TCP', port: 443, targetGroups: [`${name}-a`] },
        { protocol: 'TCP', port: 444, targetGroups: [`${name}-b`] },
      ],
    })),
  };
}

/** `web` of both kinds, `edge` of the newer one, `old` of the Classic one, and one of each other type. */
const both: Seed = {
  loadBalancers: [...fleetSeed(1, { name: 'web' }), ...fleetSeed(1, { name: 'old' })],
  elbv2: {
    targetGroups: [
      {
        name: 'web-tls',
        protocol: 'TCP',
        port: 8443,
        targets: ['i-0123456789abcdef0', { id: 'i-0123456789abcdef0', port: 8444 }],
        healthCheck: { protocol: 'HTTP', port: 8080, path: '/health' },
        tags: { 'elbv2.k8s.aws/cluster': 'prod' },
      },
      {
        name: 'edge-tcp',
        protocol: 'TCP',
        port: 9000,
        targetType: 'ip',
        attributes: { 'proxy_protocol_v2.enabled': 'true' },
      },
      { name: 'site', protocol: 'HTTP', port: 80 },
    ],
    loadBalancers: [
      {
        name: 'web',
        listeners: [{ protocol: 'TCP', port: 443, targetGroups: ['web-tls'] }],
        tags: { team: 'edge' },
      },
      { name: 'edge', listeners: [{ protocol: 'TCP', port: 9000, targetGroups: ['edge-tcp'] }] },
      {
        name: 'site',
        type: 'application',
        listeners: [{ protocol: 'HTTP', port: 80, targetGroups: ['site'] }],
      },
      { name: 'wall', type: 'gateway' },
    ],
  },
};

const start = (elbv2: ElbV2 | undefined, classic: Seed['loadBalancers'] = []) =>
  startFleet(classic, { seed: { loadBalancers: classic, ...(elbv2 === undefined ? {} : { elbv2 }) } });
const startBoth = () => start(both.elbv2, both.loadBalancers);

const denied = { error: 'AccessDenied', status: 403 } as const;

describe('status of 1,000 Network Load Balancers with 2,000 groups', () => {
  const measured = async (count: number) => {
    await using fleet = await start(networkSeed(count));
    const file = `${await temporaryDirectory()}/memory`;
    const ran = await elbProxy(['status', '-o', 'json'], {
      endpoint: fleet.endpoint,
      env: {
        NODE_OPTIONS: `--require=${fileURLToPath(new URL('../helpers/memory-at-exit.cjs', import.meta.url))}`,
        MEMORY_FILE: file,
      },
    });
    const bytes = process.platform === 'linux' ? Number(await readFile(file, 'utf8')) : Number.NaN;
    return { ran, bytes, calls: fleet.calls() };
  };

  it("makes one call for 400 load balancers and groups each, one for each one's listeners and one for each group's attributes", async () => {
    const hundred = await measured(100);
    const { ran, bytes, calls } = await measured(1_000);
    expect(calls).toEqual({
      DescribeLoadBalancers: 1,
      'elbv2 DescribeLoadBalancers': 3,
      'elbv2 DescribeTargetGroups': 5,
      'elbv2 DescribeListeners': 1_000,
      'elbv2 DescribeTargetGroupAttributes': 2_000,
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { loadBalancers, errors } = ran.json();
    expect(errors).toEqual([]);
    expect(loadBalancers).toHaveLength(1_000);
    expect(
      loadBalancers[0].targetGroups.map(
        (group: { name: string; proxyProtocol: string; isDefault: boolean }) => [
          group.name,
          group.proxyProtocol,
          group.isDefault,
        ],
      ),
    ).toEqual([
      ['nlb-00000-a', 'enabled', false],
      ['nlb-00000-b', 'disabled', true],
    ]);
    if (process.platform === 'linux') expect(bytes / hundred.bytes).toBeLessThan(1.7);
  });
});

describe('status of both kinds', () => {
  it('lists Classic ports and target groups, a line each, with their kind', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status'], fleet);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.split('\n').map((line) => line.split('\t').slice(0, 6).join(' '))).toEqual([
      'old us-east-1 classic 8443 TCP:443 on',
      'web us-east-1 classic 8443 TCP:443 on',
      'edge us-east-1 network edge-tcp TCP:9000 on',
      'web us-east-1 network web-tls TCP:443 off',
      '',
    ]);
  });

  it.each([
    ['classic', ['classic old', 'classic web']],
    ['network', ['network edge', 'network web']],
  ])('is narrowed by --kind %s, without a call to the other API', async (kind, expected) => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', '--kind', kind, '-o', 'json'], fleet);
    expect(
      ran.json().loadBalancers.map((one: { kind: string; name: string }) => `${one.kind} ${one.name}`),
    ).toEqual(expected);
    const asked = Object.keys(fleet.calls()).map((action) => action.startsWith('elbv2 '));
    expect(new Set(asked)).toEqual(new Set([kind === 'network']));
  });

  it('shows both for a name that both have, with everything about the groups', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', 'web', '-o', 'json'], fleet);
    const [classic, network] = ran.json().loadBalancers;
    expect(classic).toMatchObject({ kind: 'classic', name: 'web', instancePorts: [{ instancePort: 8443 }] });
    expect(network).toMatchObject({
      kind: 'network',
      name: 'web',
      arn: expect.stringMatching(/^arn:aws:elasticloadbalancing:us-east-1:\d{12}:loadbalancer\/net\/web\//),
      listeners: [{ protocol: 'TCP', port: 443, targetGroups: [{ name: 'web-tls' }] }],
      targetGroups: [
        {
          name: 'web-tls',
          protocol: 'TCP',
          port: 8443,
          targetType: 'instance',
          proxyProtocol: 'disabled',
          isDefault: false,
          sends: 'none',
          healthCheck: { protocol: 'HTTP', port: '8080', path: '/health' },
          targets: { total: 2 },
        },
      ],
    });
    const codes = network.hazards.map(({ code }: { code: string }) => code);
    expect(codes).toContain('plain-health-port');
    expect(codes).toContain('managed-elsewhere');
    expect(fleet.calls()).toMatchObject({
      'elbv2 DescribeLoadBalancers': 1,
      'elbv2 DescribeListeners': 1,
      'elbv2 DescribeTargetGroupAttributes': 1,
      'elbv2 DescribeTags': 1,
    });
    const text = await elbProxyHere(['status', 'web'], fleet);
    expect(text.stdout).toMatch(/LISTENER ─?[→>-]+ TARGET GROUP/);
    expect(text.stdout).toContain('web-tls TCP 8443');
  });

  it('shows names of one kind each in the order of the names', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', 'edge', 'old', '-o', 'json'], fleet);
    expect(ran.json().loadBalancers.map(({ kind }: { kind: string }) => kind)).toEqual([
      'network',
      'classic',
    ]);
    expect(ran.code).toBe(0);
  });

  it('keeps those of either kind that have a tag', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', '--tag', 'team=edge', '-o', 'json'], fleet);
    expect(ran.json().loadBalancers).toMatchObject([{ kind: 'network', name: 'web' }]);
  });

  it.each([
    ['site', 'not-a-network-load-balancer', 'an Application Load Balancer'],
    ['wall', 'not-a-network-load-balancer', 'a Gateway Load Balancer'],
    ['gone', 'LoadBalancerNotFound', 'no Classic or Network Load Balancer named gone in us-east-1'],
  ])('is, for %s, an error that says what it is', async (name, code, words) => {
    await using fleet = await startBoth();
    for (const args of [[name], ['web', name]]) {
      const ran = await elbProxyHere(['status', ...args, '-o', 'json'], fleet);
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({ code, message: expect.stringContaining(words) });
    }
  });
});

describe('an expectation', () => {
  it.each([
    [['web', '--expect', 'disabled', '--target-group', 'web-tls'], 0, ''],
    [['web', '--expect', 'enabled', '--port', '8443'], 0, ''],
    [['web', '--expect', 'enabled', '--target-group', 'web-tls'], 4, 'web target group web-tls is disabled'],
    [['web', '--expect', 'enabled'], 4, 'web target group web-tls is disabled'],
    [['edge', '--expect', 'enabled'], 0, ''],
    [['edge', '--expect', 'enabled', '--target-group', 'web-tls'], 4, 'edge has no target group web-tls'],
    [
      ['web', '--expect', 'enabled', '--port', '1', '--target-group', 'x'],
      1,
      '--port and --target-group are both given',
    ],
    [['web', '--target-group', 'x'], 1, '--target-group only works with --expect'],
    [
      ['web', '--kind', 'classic', '--expect', 'enabled', '--target-group', 'x'],
      1,
      '--kind classic and --target-group',
    ],
  ])('%j ends with %i', async (args, code, words) => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', ...args], fleet);
    expect(ran.code).toBe(code);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('keeps to --only, of groups as of ports', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', '--kind', 'network', '--only', 'on'], fleet);
    expect(ran.stdout.split('\n').map((line) => line.split('\t')[3])).toEqual(['edge-tcp', undefined]);
  });
});

describe('where Network Load Balancers may not be read', () => {
  const relayed = (endpoint: string) =>
    startRelay(endpoint, async ({ action, parameters }) =>
      parameters.get('Version') === '2015-12-01' && action !== 'elbv2 DescribeLoadBalancers'
        ? denied
        : 'pass',
    );

  it("Classic goes on, errors says so, and the exit code is Classic's", async () => {
    await using fleet = await startBoth();
    await using relay = await relayed(fleet.endpoint);
    for (const names of [[], ['web']]) {
      const ran = await elbProxyHere(['status', ...names, '-o', 'json'], relay);
      expect(ran.code).toBe(0);
      const { loadBalancers, errors } = ran.json();
      expect(loadBalancers.every(({ kind }: { kind: string }) => kind === 'classic')).toBe(true);
      expect(loadBalancers.length).toBeGreaterThan(0);
      expect(errors).toMatchObject([{ region: 'us-east-1', kind: 'network', code: 'AccessDenied' }]);
      expect(ran.stderr).toContain('warning: Network Load Balancers in us-east-1 were not read');
    }
    const expected = await elbProxyHere(['status', 'web', '--expect', 'enabled', '--port', '8443'], relay);
    expect(expected).toMatchObject({ code: 0, stderr: '' });
  });

  it('--kind network is an error, exit 1, and for a name that is not a Classic one says what was not asked', async () => {
    await using fleet = await startBoth();
    await using relay = await relayed(fleet.endpoint);
    const ran = await elbProxyHere(['status', '--kind', 'network', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'AccessDenied' });
    const edge = await elbProxyHere(['status', 'edge', '-o', 'json'], relay);
    expect(edge.code).toBe(1);
    expect(edge.json().error.message).toContain('Network Load Balancers could not be read');
    expect(edge.json().error.hint).toContain(
      'if it is a Network Load Balancer: the caller lacks the IAM action',
    );
    const config = await elbProxyHere(['haproxy-config', 'edge', '-o', 'json'], relay);
    expect(config.json().error.message).toContain('Network Load Balancers could not be read');
  });

  it('says in one line which endpoint is missing or down, and which variable sets it', async () => {
    await using fleet = await startBoth();
    const variable = 'AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2';
    const at = (endpoint: string | undefined) =>
      elbProxyHere(['status'], {
        endpoint: fleet.endpoint,
        env: { AWS_MAX_ATTEMPTS: '1', [variable]: endpoint },
      });
    const unset = await at(undefined);
    expect(unset.code).toBe(0);
    expect(unset.stderr).toContain(`none is set for Network Load Balancers (${variable})`);
    const down = await at('http://127.0.0.1:9');
    expect(down.code).toBe(1);
    const said = down.stderr.replaceAll(/\s+/g, ' ');
    expect(said).toContain(
      `us-east-1, Network Load Balancers (unreachable-endpoint: DescribeLoadBalancers in us-east-1 failed: http://127.0.0.1:9 [from ${variable}] could not be reached`,
    );
    expect(said).toContain(`check that the API runs there, or set ${variable} to where it does`);
    expect(said).not.toMatch(/\([^)]*\(/);
  });

  it('a name that is not a Classic one is unknown for the moment, rather than absent', async () => {
    await using fleet = await startBoth();
    await using relay = await startRelay(fleet.endpoint, async ({ parameters }) =>
      parameters.get('Version') === '2015-12-01' ? { error: 'Throttling', message: 'Rate exceeded' } : 'pass',
    );
    const at = { endpoint: relay.endpoint, env: { AWS_MAX_ATTEMPTS: '1' } };
    for (const command of ['status', 'haproxy-config', 'policies']) {
      const ran = await elbProxyHere([command, 'edge', '-o', 'json'], at);
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({
        code: 'Throttling',
        message: expect.stringContaining(
          'no Classic Load Balancer named edge in us-east-1, and Network Load Balancers could not be read',
        ),
      });
    }
  });

  it('by an endpoint that has no such API, the same', async () => {
    await using fleet = await startBoth();
    await using relay = await startRelay(fleet.endpoint, async ({ parameters }) =>
      parameters.get('Version') === '2015-12-01'
        ? { error: 'InvalidAction', message: 'Could not find operation' }
        : 'pass',
    );
    const ran = await elbProxyHere(['status', 'old', '-o', 'json'], relay);
    expect(ran.code).toBe(0);
    expect(ran.json().errors).toMatchObject([{ kind: 'network', code: 'InvalidAction' }]);
  });

  it('by an endpoint that is set for Classic ones only, neither it nor AWS is asked', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['status', 'old', '-o', 'json'], {
      env: { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: fleet.endpoint },
    });
    expect(ran.code).toBe(0);
    expect(ran.json().errors).toMatchObject([{ kind: 'network', code: 'no-network-endpoint' }]);
    expect(Object.keys(fleet.calls()).some((action) => action.startsWith('elbv2'))).toBe(false);
  });

  it('by an endpoint that is set for Network ones only, Classic ones are asked for at AWS, which is said once', async () => {
    await using fleet = await startBoth();
    const env = {
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: fleet.endpoint,
      AWS_MAX_ATTEMPTS: '1',
      // AWS is behind a proxy that is not there.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1',
    };
    const warning = `warning: Classic Load Balancers are asked for at AWS's own endpoint: AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2 is for Network Load Balancers only. Set AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING for Classic ones.`;
    const ran = await elbProxyHere(['status', '--region', 'us-east-1', '--region', 'eu-west-1'], { env });
    expect(unwrapped(ran.stderr).split(warning)).toHaveLength(2);
    const network = await elbProxyHere(['status', 'edge', '--kind', 'network'], { env });
    expect([network.code, network.stderr]).toEqual([0, '']);
    const everywhere = { AWS_ENDPOINT_URL: fleet.endpoint };
    expect((await elbProxyHere(['status', 'edge', 'old'], { env: everywhere })).stderr).not.toContain(
      'warning',
    );
  });

  it('is a failure if temporary', async () => {
    await using fleet = await startBoth();
    await using relay = await startRelay(fleet.endpoint, async ({ action }) =>
      action === 'DescribeListeners' ? { error: 'Throttling', message: 'Rate exceeded' } : 'pass',
    );
    const ran = await elbProxyHere(['status', '-o', 'json'], { ...relay, env: { AWS_MAX_ATTEMPTS: '1' } });
    expect(ran.code).toBe(1);
    expect(ran.json().errors).toMatchObject([{ kind: 'network', code: 'Throttling' }]);
  });
});

describe('what the service leaves out', () => {
  it('is not known of a group, and fails an expectation', async () => {
    await using fleet = await startBoth();
    await using relay = await startRelay(fleet.endpoint, async ({ action }) =>
      action === 'DescribeTargetGroupAttributes'
        ? {
            status: 200,
            body: '<DescribeTargetGroupAttributesResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetGroupAttributesResult></DescribeTargetGroupAttributesResult></DescribeTargetGroupAttributesResponse>',
          }
        : 'pass',
    );
    const ran = await elbProxyHere(['status', 'edge', '-o', 'json', '--expect', 'enabled'], relay);
    expect(ran.code).toBe(4);
    expect(ran.json().loadBalancers).toMatchObject([
      {
        targetGroups: [],
        notKnown: { fields: ['TargetGroupAttributes[edge-tcp]'], targetGroups: ['edge-tcp'] },
      },
    ]);
    const lines = await elbProxyHere(['status', '--kind', 'network'], relay);
    expect(lines.stdout).toContain('edge\tus-east-1\tnetwork\tedge-tcp\tTCP:9000\tnot known');
  });
});

describe('policies', () => {
  it.each([
    ['edge', 'usage', 'edge (us-east-1) is a Network Load Balancer, which has no policies'],
    ['site', 'not-a-network-load-balancer', 'an Application Load Balancer'],
    ['gone', 'LoadBalancerNotFound', 'no Classic or Network Load Balancer named gone'],
  ])('are, for %s, an error that says what it is', async (name, code, words) => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['policies', name, '-o', 'json'], fleet);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code, message: expect.stringContaining(words) });
    if (code === 'usage') expect(ran.json().error.hint).toContain('elb-proxy status edge');
  });

  it('ask nothing of the other API for a Classic one', async () => {
    await using fleet = await startBoth();
    expect(await elbProxyHere(['policies', 'web'], fleet)).toMatchObject({ code: 0 });
    expect(Object.keys(fleet.calls()).some((action) => action.startsWith('elbv2'))).toBe(false);
  });
});

describe('what needs a Classic load balancer', () => {
  it.each([
    [['unlock', 'edge', '--yes'], "can't hold a lock", 'nothing to remove'],
    [
      ['verify', 'backend', '--load-balancer', 'edge', '--port', '9000'],
      'has target groups instead of instance ports',
      'choose a target group with --target-group: it has edge-tcp',
    ],
  ])(
    '%j says that the name is a Network Load Balancer’s, and what to do instead',
    async (args, words, way) => {
      await using fleet = await startBoth();
      const ran = await elbProxyHere([...args, '-o', 'json'], fleet);
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({
        code: 'usage',
        message: expect.stringContaining(`edge (us-east-1) is a Network Load Balancer, which ${words}`),
        hint: expect.stringContaining(way),
      });
    },
  );

  it('is met by verify backend with a target group, and its ports are named', async () => {
    await using fleet = await startBoth();
    const args = ['verify', 'backend', '--load-balancer', 'old', '--target-group', 'web-tls', '-o', 'json'];
    const ran = await elbProxyHere(args, fleet);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('old (us-east-1) is a Classic load balancer'),
      hint: expect.stringContaining('choose instance ports with --port'),
    });
  });

  it.each([
    ['old --target-group web-tls', 'old (us-east-1) is a Classic load balancer', 'with --port: it has 8443'],
    [
      'edge old --target-group edge-tcp',
      'old (us-east-1) is a Classic load balancer',
      'with --port: it has 8443',
    ],
    [
      'old edge --port 8443',
      'edge (us-east-1) is a Network Load Balancer',
      'with --target-group: it has edge-tcp',
    ],
  ])('status %s --expect enabled: says which kind the other is', async (words, message, hint) => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(
      ['status', ...words.split(' '), '--expect', 'enabled', '-o', 'json'],
      fleet,
    );
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('names the kind that was asked for, and the way to those of both', async () => {
    await using fleet = await startBoth();
    for (const [kind, name] of [
      ['Classic', 'edge'],
      ['Network', 'old'],
    ] as const) {
      const ran = await elbProxyHere(['status', name, '--kind', kind.toLowerCase(), '-o', 'json'], fleet);
      expect(ran.json().error.hint).toContain(`was asked for ${kind} Load Balancers`);
      expect(ran.json().error.hint).toContain('elb-proxy status --region us-east-1');
    }
  });
});

describe('iam-policy', () => {
  const statements = async (...args: readonly string[]) =>
    (await elbProxyHere(['iam-policy', ...args])).json().Statement;
  const actionsOf = (found: readonly { readonly Action: readonly string[] }[]) =>
    found.flatMap(({ Action }) => Action).map((action) => action.replace('elasticloadbalancing:', ''));

  it('has the reads of target groups, and the one write on target groups alone', async () => {
    const all = await statements();
    expect(all.at(-1)).toEqual({
      Sid: 'ChangeTargetGroups',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:ModifyTargetGroupAttributes'],
      Resource: 'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*',
    });
    expect(actionsOf(await statements('--read-only'))).toEqual([
      'DescribeInstanceHealth',
      'DescribeListeners',
      'DescribeLoadBalancerPolicies',
      'DescribeLoadBalancers',
      'DescribeTags',
      'DescribeTargetGroupAttributes',
      'DescribeTargetGroups',
      'DescribeTargetHealth',
    ]);
  });

  it('--kind leaves out what only the other kind needs', async () => {
    expect(actionsOf(await statements('--kind', 'network'))).toEqual([
      'DescribeListeners',
      'DescribeLoadBalancers',
      'DescribeTags',
      'DescribeTargetGroupAttributes',
      'DescribeTargetGroups',
      'DescribeTargetHealth',
      'ModifyTargetGroupAttributes',
    ]);
    expect(actionsOf(await statements('--kind', 'classic'))).toEqual([
      'DescribeInstanceHealth',
      'DescribeLoadBalancerPolicies',
      'DescribeLoadBalancers',
      'DescribeTags',
      'CreateLoadBalancerPolicy',
      'DeleteLoadBalancerPolicy',
      'SetLoadBalancerPoliciesForBackendServer',
    ]);
  });
});

describe('haproxy-config', () => {
  it('sends version 2 for a Network Load Balancer where the group is on', async () => {
    await using fleet = await startBoth();
    const ran = await elbProxyHere(['haproxy-config', 'edge', '-o', 'json'], fleet);
    expect(ran.code).toBe(0);
    expect(ran.json().config).toContain('instead of the Network Load Balancer edge (us-east-1)');
    const odd = await elbProxyHere(['haproxy-config', 'edge', '--websocket-port', '3', '-o', 'json'], fleet);
    expect(odd.json().error.message).toContain(
      '--websocket-port 3 is for a Classic Load Balancer, and edge is',
    );
    expect(ran.json().config).toMatch(
      /server 127\.0\.0\.1 127\.0\.0\.1:9000 .*send-proxy-v2 proxy-v2-options crc32c/,
    );
  });

  it('is of the kind that is asked for if both have the name, and refused if none is', async () => {
    await using service = await startNetworkService();
    const config = (...argv: readonly string[]) =>
      elbProxyHere(['haproxy-config', 'both', ...argv, '-o', 'json'], bothKindsAt(service));
    for (const [given, words] of [
      [['--kind', 'classic'], 'the Classic Load Balancer both'],
      [['--kind', 'network'], 'the Network Load Balancer both'],
    ] as const)
      expect((await config(...given)).json().config).toContain(words);
    const refused = await config('--backend', 'a,b', '--bind', '*');
    expect(refused.code).toBe(1);
    const again = "elb-proxy haproxy-config both --bind '*' --region us-east-1 --backend a,b --kind";
    expect(refused.json()).toMatchObject({
      error: {
        code: 'usage',
        message: 'both (us-east-1) is the name of both a Classic and a Network Load Balancer',
        hint: `for the Classic one: ${again} classic\nfor the Network one: ${again} network`,
      },
    });
    expect((await config()).json().error.hint).toContain('both --region us-east-1 --kind classic\n');
    // The option is a Classic one's.
    expect((await config('--websocket-port', '8443')).json().error.message).not.toContain('the name of both');
  });

  it('needs no rights for Network ones if it is Classic, and is not made if it is unknown whether there is one', async () => {
    await using service = await startNetworkService();
    for (const [error, code] of [
      ['AccessDenied', 0],
      ['Throttling', 1],
    ] as const) {
      await using relay = await startRelay(service.endpoint, async ({ parameters }) =>
        parameters.get('Version') === '2015-12-01' ? { error, message: 'no' } : 'pass',
      );
      const ran = await elbProxyHere(['haproxy-config', 'web'], {
        endpoint: relay.endpoint,
        env: { AWS_MAX_ATTEMPTS: '1' },
      });
      expect([error, ran.code]).toEqual([error, code]);
    }
  });

  it('is an error for a name that neither kind has, or not the kind that is asked for', async () => {
    await using service = await startNetworkService();
    const classic = await elbProxyHere(
      ['haproxy-config', 'edge', '--kind', 'classic', '-o', 'json'],
      bothKindsAt(service),
    );
    expect(classic.json().error).toMatchObject({ code: 'LoadBalancerNotFound' });
  });

  it('is not made of what the service left out', async () => {
    await using fleet = await startBoth();
    await using relay = await startRelay(fleet.endpoint, async ({ action }) =>
      action === 'DescribeListeners'
        ? {
            status: 200,
            body: '<DescribeListenersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeListenersResult></DescribeListenersResult></DescribeListenersResponse>',
          }
        : 'pass',
    );
    const ran = await elbProxyHere(['haproxy-config', 'edge', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'incomplete-answer',
      message: expect.stringContaining(
        'the service left Listeners out of its answers: no configuration is generated',
      ),
    });
  });
});
