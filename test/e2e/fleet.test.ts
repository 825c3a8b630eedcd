import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/cli/io.js';
import { run } from '../../src/main.js';
import { asIfMadeAt } from '../helpers/as-if-made-at.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type FleetService, fleetSeed, startFleet } from '../helpers/fleet.js';
import { startRelay } from '../helpers/relay.js';

const long = 240_000;
const namesIn = (document: { loadBalancers: { name: string }[] }) =>
  document.loadBalancers.map(({ name }) => name);

describe('status of 10,000 load balancers', () => {
  const memoryFile = async () => `${await temporaryDirectory()}/memory`;
  const measured = async (count: number) => {
    await using fleet = await startFleet(fleetSeed(count));
    const file = await memoryFile();
    const began = performance.now();
    const ran = await elbProxy(['status', '-o', 'json'], {
      endpoint: fleet.endpoint,
      env: {
        NODE_OPTIONS: `--require=${fileURLToPath(new URL('../helpers/memory-at-exit.cjs', import.meta.url))}`,
        MEMORY_FILE: file,
      },
    });
    const ms = performance.now() - began;
    const bytes = process.platform === 'linux' ? Number(await readFile(file, 'utf8')) : Number.NaN;
    return { ran, ms, bytes, calls: fleet.calls() };
  };

  it(
    'makes one call for 400 of them and one for each that has policies on a port, and keeps none of them in memory',
    async () => {
      const thousand = await measured(1_000);
      expect(thousand.calls).toEqual({
        DescribeLoadBalancers: 3,
        DescribeLoadBalancerPolicies: 500,
        'elbv2 DescribeLoadBalancers': 1,
      });
      const { ran, ms, bytes, calls } = await measured(10_000);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(calls).toEqual({
        DescribeLoadBalancers: 25,
        DescribeLoadBalancerPolicies: 5_000,
        'elbv2 DescribeLoadBalancers': 1,
      });
      const document = ran.json();
      expect(new Set(namesIn(document)).size).toBe(10_000);
      expect(ran.stdout).toBe(`${JSON.stringify(document, null, 2)}\n`);
      if (process.platform === 'linux') expect(bytes / thousand.bytes).toBeLessThan(1.7);
      // In proportion it is ten times the time; the rest is for a machine that does other things beside. Anything that
      // goes through all of them for each would take a hundred times as long.
      expect(ms / thousand.ms).toBeLessThan(25);
    },
    long,
  );
});

describe('status of a fleet', () => {
  it('streams as text: the first load balancer is shown long before the last is read', async () => {
    await using fleet = await startFleet(fleetSeed(900), { latencyMs: 10 });
    let callsAtFirst: Readonly<Record<string, number>> | undefined;
    const ran = await elbProxy(['status'], {
      endpoint: fleet.endpoint,
      onStart: (child) => child.stdout?.once('data', () => (callsAtFirst = fleet.calls())),
    });
    expect(ran.code).toBe(0);
    expect(callsAtFirst?.['DescribeLoadBalancers']).toBe(1);
    expect(callsAtFirst?.['DescribeLoadBalancerPolicies']).toBeLessThan(150);
    expect(ran.stdout.match(/^lb-\d{5}\tus-east-1\tclassic\t8443\tTCP:443\t(?:on|off)\t-$/gm)).toHaveLength(
      900,
    );
  });

  it('waits for a reader that is slow, and gives it one whole document', async () => {
    await using fleet = await startFleet(fleetSeed(1_000));
    const ran = await elbProxy(['status', '-o', 'json'], {
      endpoint: fleet.endpoint,
      onStart: ({ stdout }) => {
        stdout?.pause();
        setTimeout(() => stdout?.resume(), 1_500);
      },
    });
    expect(ran.code).toBe(0);
    expect(namesIn(ran.json())).toHaveLength(1_000);
  });

  it('is not read further once the reader goes away', async () => {
    await using fleet = await startFleet(fleetSeed(2_000));
    const ran = await elbProxy(['status'], {
      endpoint: fleet.endpoint,
      onStart: ({ stdout }) => stdout?.once('data', () => stdout.destroy()),
    });
    expect(ran.code).toBe(0);
    expect(fleet.calls()['DescribeLoadBalancers']).toBeLessThan(5);
  });

  it('asks, by tag, for the tags of 20 at a time, and only for the policies of those that are shown', async () => {
    const tagged = fleetSeed(50).map((one, index) => ({
      ...one,
      ...(index % 10 === 0 ? { tags: { team: 'edge' } } : {}),
    }));
    await using fleet = await startFleet(tagged);
    const ran = await elbProxyHere(['status', '--tag', 'team=edge', '-o', 'json'], fleet);
    expect(namesIn(ran.json())).toEqual(['lb-00000', 'lb-00010', 'lb-00020', 'lb-00030', 'lb-00040']);
    expect(fleet.calls()).toEqual({
      DescribeLoadBalancers: 1,
      DescribeTags: 3,
      DescribeLoadBalancerPolicies: 5,
      'elbv2 DescribeLoadBalancers': 1,
    });
  });

  it('leaves out what is deleted while the list is gone through', async () => {
    await using fleet = await startFleet(fleetSeed(6));
    await using relay = await startRelay(fleet.endpoint, async ({ action, parameters }) =>
      action === 'DescribeLoadBalancerPolicies' && parameters.get('LoadBalancerName') === 'lb-00002'
        ? { error: 'LoadBalancerNotFound' }
        : 'pass',
    );
    const ran = await elbProxyHere(['status', '-o', 'json'], relay);
    expect(ran.code).toBe(0);
    expect(namesIn(ran.json())).toEqual(['lb-00000', 'lb-00001', 'lb-00003', 'lb-00004', 'lb-00005']);
  });

  it('is an error like any other if it fails before anything is shown', async () => {
    await using fleet = await startFleet(fleetSeed(6));
    await using relay = await startRelay(fleet.endpoint, async () => ({
      error: 'AccessDenied',
      status: 403,
    }));
    const ran = await elbProxyHere(['status', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ formatVersion: 1, error: { code: 'AccessDenied' } });
  });

  it('ends as one valid document that says so if it fails half-way', async () => {
    await using fleet = await startFleet(fleetSeed(900));
    await using relay = await startRelay(fleet.endpoint, async ({ action, nth }) =>
      action === 'DescribeLoadBalancers' && nth === 2 ? { error: 'AccessDenied', status: 403 } : 'pass',
    );
    const ran = await elbProxyHere(['status', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json().loadBalancers).toHaveLength(400);
    expect(ran.json().errors).toMatchObject([{ region: 'us-east-1', code: 'AccessDenied' }]);
    expect(ran.stderr).toContain('us-east-1 (AccessDenied)');
    const lines = await elbProxyHere(['status'], await startRelayAgain(fleet.endpoint));
    expect(lines.code).toBe(1);
    expect(lines.stdout.trimEnd().split('\n')).toHaveLength(400);
    expect(lines.stderr.replaceAll(/\s+/g, ' ')).toContain('us-east-1 (AccessDenied: ');
    const text = await elbProxyHere(['status', '--details'], await startRelayAgain(fleet.endpoint));
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /400 load balancers in us-east-1[\s\S]*Not read[\s\S]*us-east-1: AccessDenied/,
    );
  });

  it('ends as one valid document that says so if it is interrupted, exit 130', async () => {
    await using fleet = await startFleet(fleetSeed(900), { latencyMs: 5 });
    const ran = await elbProxy(['status', '-o', 'json'], {
      endpoint: fleet.endpoint,
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    expect(ran.code).toBe(130);
    expect(ran.json().loadBalancers.length).toBeLessThan(900);
    expect(ran.json().errors).toMatchObject([{ region: 'us-east-1', code: 'interrupted' }]);
  });

  it('is an error document if it is interrupted before anything is shown, exit 130', async () => {
    await using fleet = await startFleet(fleetSeed(10), { latencyMs: 60_000 });
    const ran = await elbProxy(['status', '-o', 'json'], {
      endpoint: fleet.endpoint,
      onStart: (child) => void setTimeout(() => child.kill('SIGTERM'), 1_500),
    });
    expect(ran.code).toBe(130);
    expect(ran.json().error.code).toBe('interrupted');
  });

  it('names the first ports that differ from --expect, and counts the others', async () => {
    await using fleet = await startFleet(fleetSeed(60));
    const ran = await elbProxyHere(['status', '--expect', 'enabled', '-o', 'json'], fleet);
    expect(ran.code).toBe(4);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /lb-00001 instance port 8443 is disabled;.*; and 10 more/,
    );
  });
});

/** A relay that refuses the second page, for a second run. */
async function startRelayAgain(endpoint: string) {
  return startRelay(endpoint, async ({ action, nth }) =>
    action === 'DescribeLoadBalancers' && nth === 2 ? { error: 'AccessDenied', status: 403 } : 'pass',
  );
}

describe('several regions', () => {
  const twoRegions = () =>
    startFleet([
      ...fleetSeed(3),
      ...fleetSeed(2, { region: 'eu-west-1' }),
      ...fleetSeed(1, { region: 'cn-north-1' }),
    ]);
  /** Denies the calls that are signed for a region. */
  const denying = (region: string) => async (_call: unknown, headers: NodeJS.Dict<string | string[]>) =>
    String(headers['authorization']).includes(`/${region}/`)
      ? { error: 'AccessDenied', status: 403 }
      : ('pass' as const);

  it('are shown in the order that they are given in, whichever answers first', async () => {
    await using fleet = await twoRegions();
    const ran = await elbProxyHere(['status', '--region', 'us-east-1,eu-west-1', '-o', 'json'], fleet);
    expect(ran.code).toBe(0);
    expect(ran.json().regions).toEqual(['us-east-1', 'eu-west-1']);
    expect(ran.json().loadBalancers.map(({ region }: { region: string }) => region)).toEqual([
      'us-east-1',
      'us-east-1',
      'us-east-1',
      'eu-west-1',
      'eu-west-1',
    ]);
  });

  it('are shown but for one that fails, which is in errors, exit 1', async () => {
    await using fleet = await twoRegions();
    await using relay = await startRelay(fleet.endpoint, denying('us-east-1'));
    const ran = await elbProxyHere(
      ['status', '--region', 'us-east-1', '--region', 'eu-west-1', '-o', 'json'],
      relay,
    );
    expect(ran.code).toBe(1);
    expect(namesIn(ran.json())).toEqual(['lb-00000', 'lb-00001']);
    expect(ran.json().errors).toMatchObject([{ region: 'us-east-1', code: 'AccessDenied' }]);
    const text = await elbProxyHere(['status', '--details', '--region', 'us-east-1,eu-west-1'], relay);
    expect(text.stdout).toMatch(/2 load balancers in us-east-1, eu-west-1/);
    expect(text.stdout).toMatch(/Not read\n.*us-east-1: AccessDenied/);
  });

  it('are one document with the failure of each if all fail', async () => {
    await using fleet = await twoRegions();
    await using relay = await startRelay(fleet.endpoint, async () => ({
      error: 'AccessDenied',
      status: 403,
    }));
    const ran = await elbProxyHere(['status', '--region', 'us-east-1,eu-west-1', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({
      loadBalancers: [],
      errors: [{ region: 'us-east-1' }, { region: 'eu-west-1' }],
    });
  });

  it('are those of the partition with --all-regions', async () => {
    await using fleet = await twoRegions();
    const ran = await elbProxyHere(['status', '--all-regions', '-o', 'json'], fleet);
    expect(ran.code).toBe(0);
    expect(ran.json().regions.length).toBeGreaterThan(30);
    expect(ran.json().loadBalancers).toHaveLength(5);
    const china = await elbProxyHere(
      ['status', '--all-regions', '--region', 'cn-north-1', '-o', 'json'],
      fleet,
    );
    expect(china.json().regions).toEqual(['cn-north-1', 'cn-northwest-1']);
    expect(china.json().loadBalancers).toHaveLength(1);
  });

  it('and a name are refused: which region is meant is not known', async () => {
    const ran = await elbProxyHere(['status', 'web', '--all-regions', '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', hint: expect.stringContaining('--region') });
  });
});

describe('a change of several load balancers', () => {
  const tagged = (count: number) =>
    fleetSeed(count, { policies: [], backendPolicies: [], tags: { team: 'edge' } }).concat(
      fleetSeed(1, { name: 'other' }),
    );
  const on = ({ local }: FleetService) =>
    local
      .loadBalancers()
      .filter(({ backendPolicies }) => backendPolicies.length > 0)
      .map(({ loadBalancerName }) => loadBalancerName);
  const enable = (...argv: string[]) => ['enable', '--port', '8443', '-o', 'json', ...argv];
  const byTag = (...argv: string[]) => enable('--tag', 'team=edge', ...argv);

  it('changes, by tag, those with the tag and no other', async () => {
    await using fleet = await startFleet(tagged(3));
    const ran = await elbProxyHere(byTag('--yes'), fleet);
    expect(ran.code).toBe(0);
    expect(ran.json().changes).toHaveLength(3);
    expect(on(fleet)).toEqual(['lb-00000', 'lb-00001', 'lb-00002', 'other']);
    const back = await elbProxyHere(
      ['disable', '--port', '8443', '--tag', 'team=edge', '--yes', '-o', 'json'],
      fleet,
    );
    expect(back.json().outcome).toBe('applied');
    expect(on(fleet)).toEqual(['other']);
  });

  it.each([
    ['that nothing has', enable('--tag', 'team=none', '--yes'), 'nothing-tagged', 'team=none'],
    ['beside names', byTag('lb-00000', '--yes'), 'usage', '--tag'],
    ['without a value', enable('--tag', 'team', '--yes'), 'usage', 'key=value'],
  ])('is an error for a tag %s, and nothing is written', async (_what, argv, code, text) => {
    await using fleet = await startFleet(tagged(2));
    const ran = await elbProxyHere(argv, fleet);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(on(fleet)).toEqual(['other']);
  });

  it('is refused for more than five before anything is written, with the flag that allows it', async () => {
    await using fleet = await startFleet(tagged(6));
    await using relay = await startRelay(fleet.endpoint);
    const ran = await elbProxyHere(byTag('--yes', '--lock'), relay);
    expect(ran.code).toBe(3);
    expect(ran.json().error).toMatchObject({
      code: 'too-many-changes',
      message: expect.stringMatching(/would change 6 load balancers.*--max-changes allows 5/),
      hint: expect.stringContaining('--max-changes 6'),
    });
    expect(relay.writes()).toEqual([]);
    const seen = await elbProxyHere(byTag('--dry-run'), relay);
    expect(seen.code).toBe(0);
    expect(seen.json().changes).toHaveLength(6);
    const allowed = await elbProxyHere(byTag('--yes', '--max-changes', '6'), relay);
    expect(allowed.json().outcome).toBe('applied');
    expect(on(fleet)).toHaveLength(7);
    const again = await elbProxyHere(byTag('--yes'), relay);
    expect(again.json().outcome).toBe('unchanged');
  });

  it('is held to --max-changes by name, too; those that need no change do not count', async () => {
    await using fleet = await startFleet(tagged(3));
    const names = ['lb-00000', 'lb-00001', 'other'];
    const refused = await elbProxyHere(enable(...names, '--yes', '--max-changes', '1'), fleet);
    expect(refused.code).toBe(3);
    expect(refused.json().error.message).toContain('would change 2 load balancers');
    const done = await elbProxyHere(enable(...names, '--yes', '--max-changes', '2'), fleet);
    expect(done.code).toBe(0);
  });

  it.each(['0', 'all', '-1'])('is a usage error with --max-changes %s', async (most) => {
    const ran = await elbProxyHere(enable('web', '--yes', `--max-changes=${most}`));
    expect(ran.json().error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--max-changes'),
    });
  });

  const thirdDenied = (endpoint: string) =>
    startRelay(endpoint, async ({ action, parameters }) =>
      action === 'SetLoadBalancerPoliciesForBackendServer' &&
      parameters.get('LoadBalancerName') === 'lb-00002'
        ? { error: 'AccessDenied', status: 403 }
        : 'pass',
    );

  it('keeps those before one that fails, exit 5; undo takes them back', async () => {
    await using fleet = await startFleet(tagged(4));
    await using relay = await thirdDenied(fleet.endpoint);
    const stateDirectory = await temporaryDirectory();
    const ran = await elbProxyHere(byTag('--yes'), { ...relay, stateDirectory });
    expect(ran.code).toBe(5);
    const report = ran.json();
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'AccessDenied' } });
    expect(report.leftovers.map(({ loadBalancer }: { loadBalancer: string }) => loadBalancer)).toEqual([
      'lb-00000',
      'lb-00001',
    ]);
    expect(on(fleet)).toEqual(['lb-00000', 'lb-00001', 'other']);
    expect(fleet.local.loadBalancers()[2]?.policies).toEqual([]);
    await asIfMadeAt(stateDirectory, relay, fleet);
    const undone = await elbProxyHere(['undo', report.changeId, '--yes', '-o', 'json'], {
      ...fleet,
      stateDirectory,
    });
    expect(undone.code).toBe(0);
    expect(on(fleet)).toEqual(['other']);
  });

  it('puts all of them back with --atomic, exit 1', async () => {
    await using fleet = await startFleet(tagged(4));
    await using relay = await thirdDenied(fleet.endpoint);
    const ran = await elbProxyHere(byTag('--yes', '--atomic'), relay);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', leftovers: [] });
    expect(on(fleet)).toEqual(['other']);
    expect(fleet.local.loadBalancers().flatMap(({ policies }) => policies)).toHaveLength(1);
  });

  it("can't be both --atomic and --no-rollback", async () => {
    const ran = await elbProxyHere(byTag('--yes', '--atomic', '--no-rollback'));
    expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('--atomic') });
  });
});

describe('progress', () => {
  /** Runs a command line in this process, with a terminal for messages. */
  async function onTerminal(argv: readonly string[], endpoint: string, stdoutIsTerminal = false) {
    const written = { stdout: '', stderr: '' };
    const output = (name: keyof typeof written, isTerminal: boolean): Output => ({
      isTerminal,
      columns: 80,
      stream: new PassThrough().on('data', (chunk: Buffer) => (written[name] += chunk.toString())),
    });
    const code = await run({
      argv,
      env: {
        LANG: 'C.UTF-8',
        NO_COLOR: '1',
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: endpoint,
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoint,
        AWS_CONFIG_FILE: '/nonexistent',
        AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
        ELB_PROXY_STATE_DIR: await temporaryDirectory(),
      },
      stdin: { isTerminal: false, stream: new PassThrough() },
      stdout: output('stdout', stdoutIsTerminal),
      stderr: output('stderr', true),
      signal: new AbortController().signal,
      watch: () => () => undefined,
      holder: { pid: 7, host: 'here' },
      look: () => ({ alive: false }),
      outliveReaders: () => undefined,
      self: ['elb-proxy'],
    });
    return { code, ...written };
  }

  it('is one line on the terminal that counts load balancers, their rate and throttles, and goes away', async () => {
    await using fleet = await startFleet(fleetSeed(200), { latencyMs: 20 });
    await using relay = await startRelay(fleet.endpoint, async ({ action, nth }) =>
      action === 'DescribeLoadBalancerPolicies' && nth === 3 ? { error: 'Throttling' } : 'pass',
    );
    const ran = await onTerminal(['status', '-o', 'json'], relay.endpoint);
    expect(ran.code).toBe(0);
    expect(namesIn(JSON.parse(ran.stdout))).toHaveLength(200);
    const [before, ...lines] = ran.stderr.split('\r\u001b[2K');
    expect(before).toBe('');
    expect(lines.at(-1)).toBe('');
    expect(lines.length).toBeGreaterThan(1);
    const counted = lines.slice(0, -1).filter((line) => !/^(?:\S reading)?$/.test(line));
    expect(counted).not.toEqual([]);
    for (const line of counted) expect(line).toMatch(/^\d+ load balancers read, [\d.]+ a second/);
    expect(ran.stderr).toContain('1 call throttled');
  });

  it('is not shown where the load balancers themselves come to the terminal', async () => {
    await using fleet = await startFleet(fleetSeed(40), { latencyMs: 50 });
    const ran = await onTerminal(['status'], fleet.endpoint, true);
    expect(ran.code).toBe(0);
    // Before the first one something may be said to be read; that is gone when they come.
    const [before, ...lines] = ran.stderr.split('\r\u001b[2K');
    expect(before).toBe('');
    for (const [index, line] of lines.entries())
      expect(line).toMatch(index === lines.length - 1 ? /^$/ : /^\S reading$/);
  });

  it('counts the load balancers that a change has done', async () => {
    await using fleet = await startFleet(fleetSeed(3, { policies: [], backendPolicies: [] }));
    const argv = ['enable', 'lb-00000', 'lb-00001', 'lb-00002', '--port', '8443', '--yes', '-o', 'json'];
    const ran = await onTerminal(argv, fleet.endpoint);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('lb-00001 (us-east-1): done, 2 of 3 load balancers');
  });
});

describe('--rate', () => {
  it('holds the calls to that many a second, and says so where it takes longer than a few seconds', async () => {
    await using fleet = await startFleet(fleetSeed(100));
    const started = performance.now();
    const ran = await elbProxyHere(['status', '--rate', '12', '-o', 'json'], fleet);
    expect(performance.now() - started).toBeGreaterThan(((51 - 12) / 12) * 1000);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^us-east-1: at least 3 s more: 50 calls to make, at most 12 per second/);
  });

  it.each(['0', '-1', 'fast', '1e3'])('%s is refused', async (rate) => {
    const ran = await elbProxyHere(['status', `--rate=${rate}`, '-o', 'json']);
    expect(ran.json().error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`--rate ${rate}`),
    });
  });
});
