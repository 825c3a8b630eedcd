import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type Relay, startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';
import { Stage } from '../peers/verify-servers.js';

/** How often each action was called. */
type Counts = Readonly<Record<string, number>>;

/** All that is known of one load balancer: what `status` shows, and what a change is planned from. */
const look: Counts = {
  DescribeLoadBalancers: 1,
  DescribeLoadBalancerPolicies: 1,
  DescribeInstanceHealth: 1,
  DescribeTags: 1,
};

/** Whether there is a Network Load Balancer: the same name may be one's, and one page says of a region that it has none. */
const lookForNetwork: Counts = { 'elbv2 DescribeLoadBalancers': 1 };

function sum(...all: readonly Counts[]): Counts {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [action, count] of Object.entries(counts)) total[action] = (total[action] ?? 0) + count;
  return total;
}

/** What a write costs: the call, and a read-back, on which the next write rests. */
const set: Counts = {
  SetLoadBalancerPoliciesForBackendServer: 1,
  DescribeLoadBalancers: 1,
  DescribeLoadBalancerPolicies: 1,
};
const create: Counts = {
  CreateLoadBalancerPolicy: 1,
  DescribeLoadBalancers: 1,
  DescribeLoadBalancerPolicies: 1,
};
const remove: Counts = {
  DeleteLoadBalancerPolicy: 1,
  DescribeLoadBalancers: 1,
  DescribeLoadBalancerPolicies: 1,
};

/** Whether a run may begin at all, before it leaves a trace; and what its first write rests on. */
const begin: Counts = { DescribeLoadBalancers: 2, DescribeLoadBalancerPolicies: 2 };

const enable = ['enable', 'web', '--port', '8443', '--yes'];
const disable = ['disable', 'web', '--port', '8443', '--yes'];

/** Each command, what was run before it, and its calls: exact, for each costs a share of the account's bucket. */
const commands: readonly {
  readonly argv: readonly string[];
  readonly after?: readonly (readonly string[])[];
  readonly calls: Counts;
}[] = [
  { argv: ['status', 'web'], calls: sum(look, lookForNetwork) },
  { argv: ['status', 'web', '--kind', 'classic'], calls: look },
  { argv: ['status', 'web', '--expect', 'disabled', '--port', '8443'], calls: look },
  {
    argv: ['status'],
    calls: sum({ DescribeLoadBalancers: 1, DescribeLoadBalancerPolicies: 1 }, lookForNetwork),
  },
  { argv: ['status', '--kind', 'network'], calls: lookForNetwork },
  { argv: ['policies', 'web'], calls: { DescribeLoadBalancers: 1, DescribeLoadBalancerPolicies: 1 } },
  { argv: ['enable', 'web', '--port', '8443', '--dry-run'], calls: look },
  { argv: enable, calls: sum(look, begin, create, set) },
  {
    argv: ['enable', 'web', '--port', '8443,9443,9444', '--yes'],
    calls: sum(look, begin, create, set, set, set),
  },
  { argv: enable, after: [enable], calls: look },
  { argv: enable, after: [enable, disable], calls: sum(look, begin, set) },
  { argv: disable, calls: look },
  { argv: disable, after: [enable], calls: sum(look, begin, set) },
  { argv: disable, after: [enable, disable], calls: look },
  { argv: [...disable, '--delete-policy'], after: [enable], calls: sum(look, begin, set, remove) },
  { argv: ['undo', '--yes'], after: [enable], calls: sum(look, begin, set, remove) },
  { argv: ['undo', '--yes'], after: [enable, disable], calls: sum(look, begin, set) },
  { argv: ['undo', '--yes'], after: [enable, ['undo', '--yes']], calls: look },
  { argv: ['history'], after: [enable], calls: {} },
  { argv: ['iam-policy'], calls: {} },
];

/** In words: "undo --yes after enable web". */
function whatIsRun({ argv, after = [] }: Pick<(typeof commands)[number], 'argv' | 'after'>): string {
  return [argv, ...after.toReversed()].map((words) => words.join(' ')).join(' after ');
}

function countsOf(calls: Relay['calls']): Counts {
  return sum(...calls.map(({ action }) => ({ [action]: 1 })));
}

describe('the API calls of', () => {
  it.each(commands.map((one) => ({ ...one, what: whatIsRun(one) })))(
    '$what',
    async ({ argv, after = [], calls }) => {
      await using service = await startService();
      await using relay = await startRelay(service.endpoint);
      const stateDirectory = await temporaryDirectory();
      for (const earlier of after) await elbProxyHere(earlier, { endpoint: relay.endpoint, stateDirectory });
      const before = relay.calls.length;
      const ran = await elbProxyHere(argv, { endpoint: relay.endpoint, stateDirectory });
      expect(ran).toMatchObject({ code: 0 });
      expect(countsOf(relay.calls.slice(before))).toEqual(calls);
    },
  );
});

/**
 * What an operator waits for against the real service: the longest chain of calls of which each was sent after the answer
 * to the one before. A call comes behind whatever was answered when it arrived; answers take long enough that calls which
 * are sent side by side arrive before any of them.
 */
async function roundTrips(
  argv: readonly string[],
  after: readonly (readonly string[])[],
  asksCaller: boolean,
): Promise<number> {
  let [answered, measures] = [0, false];
  await using service = await startService();
  await using relay = await startRelay(service.endpoint, async () => {
    if (!measures) return 'pass';
    const depth = answered + 1;
    await pause(250);
    answered = Math.max(answered, depth);
    return 'pass';
  });
  const stateDirectory = await temporaryDirectory();
  const options = {
    endpoint: relay.endpoint,
    stateDirectory,
    env: asksCaller ? { AWS_ENDPOINT_URL_STS: relay.endpoint } : {},
  };
  for (const earlier of after) await elbProxyHere(earlier, options);
  measures = true;
  const ran = await elbProxyHere(argv, options);
  expect(ran).toMatchObject({ code: 0 });
  expect(relay.calls.some(({ action }) => action === 'GetCallerIdentity')).toBe(asksCaller);
  return answered;
}

describe('the round trips of', () => {
  const two = ['enable', 'web', '--port', '8443,9443', '--yes'];
  const three = ['enable', 'web', '--port', '8443,9443,9444', '--yes'];
  const undo = ['undo', '--yes'];
  /** They show no caller. */
  const isRead = new Set(['status', 'policies']);

  const rows: readonly { argv: readonly string[]; after?: readonly (readonly string[])[]; trips: number }[] =
    [
      { argv: ['status', 'web'], trips: 2 },
      { argv: ['status'], trips: 2 },
      { argv: ['policies', 'web'], trips: 2 },
      { argv: enable, trips: 9 },
      { argv: two, trips: 12 },
      { argv: three, trips: 15 },
      { argv: disable, after: [enable], trips: 7 },
      { argv: enable, after: [enable, disable], trips: 7 },
      { argv: undo, after: [enable], trips: 9 },
      { argv: undo, after: [enable, disable], trips: 7 },
    ];

  it.each(rows.map((row) => ({ ...row, what: whatIsRun(row) })))(
    '$what are $trips, also where the caller is asked for',
    async ({ argv, after = [], trips }) => {
      for (const asksCaller of [false, !isRead.has(argv[0] ?? '')]) {
        // On a busy machine, what is sent side by side may arrive one after the other.
        let least = Number.POSITIVE_INFINITY;
        for (let run = 0; run < 3 && least > trips; run++)
          least = Math.min(least, await roundTrips(argv, after, asksCaller));
        expect(least).toBe(trips);
      }
    },
  );
});

describe('the API calls of a fleet', () => {
  it('are twelve for each load balancer that gets a policy and a port', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'];
    await using service = await startService({
      loadBalancers: names.map((name) => ({
        name,
        listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
      })),
    });
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['enable', ...names, '--port', '8443', '--yes'], {
      endpoint: relay.endpoint,
    });
    expect(ran).toMatchObject({ code: 0 });
    // The list and the tags of all are one call each.
    expect(relay.calls).toHaveLength(12 * names.length + 2);
  });
});

describe('the connections of verify backend', () => {
  const web = (): Server => createServer((_request, response) => void response.end('ok'));

  it.each([
    { verdict: 'no-proxy', server: web, connections: 2 },
    { verdict: 'requires-proxy', server: () => acceptProxyProtocol(web()), connections: 5 },
    {
      verdict: 'accepts-both',
      server: () => acceptProxyProtocol(web(), { mode: 'optional' }),
      connections: 5,
    },
  ])(
    'are, for a $verdict HTTP server, $connections, and one more to see whether it speaks first',
    async ({ verdict, server, connections }) => {
      await using stage = await Stage.open();
      for (const [app, expected] of [
        ['http', connections],
        ['auto', connections + 1],
      ] as const) {
        const counted = server();
        let made = 0;
        // Not by the event that listeners see: the adapter hands on only what it lets in.
        const emit = counted.emit.bind(counted) as (event: string, ...values: unknown[]) => boolean;
        counted.emit = (event: string, ...values: unknown[]) => {
          if (event === 'connection') made += 1;
          return emit(event, ...values);
        };
        const target = `127.0.0.1:${await stage.listen(counted)}`;
        const ran = await elbProxyHere(['verify', 'backend', target, '--app', app, '-o', 'json']);
        expect(ran.json().results[0]).toMatchObject({ verdict });
        expect(made).toBe(expected);
      }
    },
  );
});
