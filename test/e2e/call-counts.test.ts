import { createServer, type Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
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

function sum(...all: readonly Counts[]): Counts {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [action, count] of Object.entries(counts)) total[action] = (total[action] ?? 0) + count;
  return total;
}

/** What a write costs: the call, a fresh read right before it, and a read-back after it. */
const set: Counts = {
  SetLoadBalancerPoliciesForBackendServer: 1,
  DescribeLoadBalancers: 2,
  DescribeLoadBalancerPolicies: 2,
};
const create: Counts = {
  CreateLoadBalancerPolicy: 1,
  DescribeLoadBalancers: 2,
  DescribeLoadBalancerPolicies: 2,
};
const remove: Counts = {
  DeleteLoadBalancerPolicy: 1,
  DescribeLoadBalancers: 2,
  DescribeLoadBalancerPolicies: 2,
};

/** Whether a run may begin at all, before it leaves a trace. */
const begin: Counts = { DescribeLoadBalancers: 1, DescribeLoadBalancerPolicies: 1 };

const enable = ['enable', 'web', '--port', '8443', '--yes'];
const disable = ['disable', 'web', '--port', '8443', '--yes'];

/** Each command, what was run before it, and its calls: exact, for each costs a share of the account's bucket. */
const commands: readonly {
  readonly argv: readonly string[];
  readonly after?: readonly (readonly string[])[];
  readonly calls: Counts;
}[] = [
  { argv: ['status', 'web'], calls: look },
  { argv: ['status'], calls: { DescribeLoadBalancers: 1, DescribeLoadBalancerPolicies: 1 } },
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

function countsOf(calls: Relay['calls']): Counts {
  return sum(...calls.map(({ action }) => ({ [action]: 1 })));
}

describe('the API calls of', () => {
  it.each(
    commands.map((one) => ({
      ...one,
      what: [one.argv, ...(one.after ?? []).toReversed()].map((argv) => argv.join(' ')).join(' after '),
    })),
  )('$what', async ({ argv, after = [], calls }) => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const stateDirectory = await temporaryDirectory();
    for (const earlier of after) await elbProxy(earlier, { endpoint: service.endpoint, stateDirectory });
    const ran = await elbProxy(argv, { endpoint: relay.endpoint, stateDirectory });
    expect(ran).toMatchObject({ code: 0 });
    expect(countsOf(relay.calls)).toEqual(calls);
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
    'to an http server that is $verdict are $connections, and one more to see whether it speaks first',
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
        const ran = await elbProxy(['verify', 'backend', target, '--app', app, '-o', 'json']);
        expect(ran.json().results[0]).toMatchObject({ verdict });
        expect(made).toBe(expected);
      }
    },
  );
});
