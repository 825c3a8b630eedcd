import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { bothKindsAt, startNetworkService } from '../helpers/network-service.js';
import { startRelay } from '../helpers/relay.js';

it.each([
  {
    what: 'a Classic load balancer',
    change: ['web', 'both', '--port', '8443'],
    isHidden: ({ action, parameters }: Asked) =>
      action === 'DescribeLoadBalancers' && parameters.get('LoadBalancerNames.member.1') === 'both',
    error: 'LoadBalancerNotFound',
    left: { loadBalancer: 'both', message: 'load balancer both (us-east-1) was not found' },
  },
  {
    what: 'a target group',
    change: ['edge', '--target-group', 'blue,green'],
    isHidden: ({ action, parameters }: Asked) =>
      action === 'DescribeTargetGroups' &&
      (parameters.get('TargetGroupArns.member.1') ?? '').includes('/green/'),
    error: 'TargetGroupNotFound',
    left: {
      loadBalancer: 'edge',
      message: 'target group green of load balancer edge (us-east-1) was not found',
    },
  },
])(
  'an undo that does not find $what, right after the change, puts the rest back and claims no more',
  async ({ change, isHidden, error, left }) => {
    await using service = await startNetworkService();
    let hides = false;
    await using relay = await startRelay(service.endpoint, async (call) =>
      hides && isHidden(call) ? { error, message: 'not found' } : 'pass',
    );
    const stateDirectory = await temporaryDirectory();
    const run = (...argv: readonly string[]) => elbProxyHere(argv, bothKindsAt(relay, stateDirectory));
    const { changeId } = (await run('enable', ...change, '--yes', '-o', 'json')).json();
    hides = true;
    const part = await run('undo', '--yes', '-o', 'json');
    expect(part.code).toBe(5);
    const report = part.json();
    expect(report).toMatchObject({
      outcome: 'partial',
      changes: [{ steps: expect.anything() }],
      leftovers: [
        {
          loadBalancer: left.loadBalancer,
          message: `${left.message}, and may be as change ${changeId} left it`,
          harmless: false,
          look: expect.stringContaining(`elb-proxy status ${left.loadBalancer} `),
          command: expect.stringContaining(`elb-proxy undo ${changeId}`),
        },
      ],
    });
    for (const { outcome } of report.changes[0].steps) expect(outcome).toBe('done');
    const text = await run('undo', '--yes');
    expect(text.code).toBe(5);
    expect(text.stdout).toContain('Partly applied: part of what was written may still be in effect');
    expect(text.stdout).toContain('Take it back with: elb-proxy undo ');
    // What was done is the undo's; what was not found is still the change's.
    hides = false;
    expect((await run('undo', '--yes', '-o', 'json')).json()).toMatchObject({
      outcome: 'applied',
      leftovers: [],
    });
    expect((await run('undo', '--yes', '-o', 'json')).json()).toMatchObject({ outcome: 'unchanged' });
  },
);

interface Asked {
  readonly action: string;
  readonly parameters: URLSearchParams;
}
