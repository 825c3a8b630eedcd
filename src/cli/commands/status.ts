import type { ElasticLoadBalancing } from '../../app/ports.js';
import { type LoadBalancerKind, loadBalancerKinds } from '../../core/kinds.js';
import { statusFilters } from '../../core/status-filter.js';
import { usageError } from '../../errors.js';
import { warnOfInterrupted } from '../change/warn-of-interrupted.js';
import type { Context } from '../context.js';
import { command } from '../define.js';
import { namesOf, rateOption, reviewOutputs, tagsOf } from '../options.js';
import { expectationOf } from '../status/status-expectation.js';
import { summaryOf, summaryOption } from '../summary.js';

/** `elb-proxy status`. */
export const status = command({
  name: 'status',
  positionals: { usage: '[name...]', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    'all-regions': {
      type: 'flag',
      describe: 'every region of the AWS partition (--region may be given several times, too)',
    },
    tag: {
      type: 'texts',
      value: 'KEY=VALUE',
      describe: 'only load balancers with this tag; if given several times, all must match',
    },
    only: {
      type: 'text',
      value: 'WHICH',
      choices: statusFilters,
      describe:
        'on, off, or attention: only ports and target groups in this state (in pictures: load balancers that have one)',
    },
    details: { type: 'flag', describe: 'a picture of each load balancer, as with a name' },
    expect: {
      type: 'text',
      value: 'STATE',
      choices: ['enabled', 'disabled'],
      describe: 'enabled or disabled: exit 4 unless every port and target group is in this state',
    },
    kind: {
      type: 'text',
      value: 'KIND',
      choices: loadBalancerKinds,
      describe: 'classic or network: only load balancers of this kind',
    },
    port: { type: 'texts', value: 'N', describe: 'with --expect: only these instance ports' },
    'target-group': {
      type: 'texts',
      value: 'GROUP',
      describe: 'with --expect: only these target groups of a Network Load Balancer (name or ARN)',
    },
    ...rateOption,
    ...summaryOption,
  },
  examples: {
    'elb-proxy status': 'every instance port and target group of the region, one per line',
    'elb-proxy status --only attention': 'only those that need attention',
    'elb-proxy status web': "one, with its instances' health and its hazards",
    'elb-proxy status web --expect enabled --port 8443': 'the drift check: exit 4 if PROXY is not enabled',
    'elb-proxy status edge --expect enabled --target-group blue':
      'the same for a target group of a Network Load Balancer',
    'elb-proxy status --all-regions --tag team=edge -o json': 'a fleet',
  },
  mutates: false,
  iam: [
    'DescribeLoadBalancers',
    'DescribeLoadBalancerPolicies',
    'DescribeInstanceHealth',
    'DescribeTags',
    'DescribeTargetGroups',
    'DescribeTargetGroupAttributes',
    'DescribeListeners',
    'DescribeTargetHealth',
  ],
  outputs: reviewOutputs,
  exitCodes: [0, 1, 4, 130],
  run: async (given, context) => {
    const names = namesOf(given);
    const { options } = given;
    const { only, details, region, 'all-regions': allRegions } = options;
    const kind = kindOf(options);
    const expectation = expectationOf(options);
    const tags = tagsOf(options);
    if (allRegions && names.length > 0) {
      throw usageError(
        `--all-regions and a name (${names.join(', ')}) are both given`,
        'name its region with --region, or leave the name out',
      );
    }
    const summary = await summaryOf(options, context.io.env);
    await warnOfInterrupted(context);
    const apis = await apisOf([...new Set(region)], allRegions, context);
    const fleet = apis.map((api) => ({
      region: api.region,
      ...(kind === 'network' ? {} : { classic: api }),
      ...(kind === 'classic' ? {} : { network: () => context.networkApi(api.region) }),
    }));
    const [first] = apis;
    const { showStatus } = await import('../status/show-status.js');
    // It watches the signal itself: a document that is begun must come to its end.
    return context.untilFinished(
      showStatus(
        fleet,
        { names, tags, only, details, expectation, summary, kind, endpoint: first?.endpoint },
        context,
      ).catch(async (error: unknown) => {
        const { port, 'target-group': groups } = options;
        if (first === undefined || names.length === 0 || (port.length === 0 && groups.length === 0))
          throw error;
        const { asClassicLoadBalancer, asNetworkLoadBalancer } = await import('../change/other-kind.js');
        const asOther = port.length > 0 ? asNetworkLoadBalancer : asClassicLoadBalancer;
        throw await asOther(error, names, first.region, context, 'status');
      }),
    );
  },
});

/** `--port` is for Classic load balancers, `--target-group` for Network ones: of two with one name, this says which. */
function kindOf({
  kind: given,
  port,
  'target-group': targetGroups,
}: {
  readonly kind: LoadBalancerKind | undefined;
  readonly port: readonly string[];
  readonly 'target-group': readonly string[];
}): LoadBalancerKind | undefined {
  const meant = port.length > 0 ? 'classic' : targetGroups.length > 0 ? 'network' : undefined;
  if (given !== undefined && meant !== undefined && given !== meant)
    throw usageError(
      `--kind ${given} and ${meant === 'classic' ? '--port' : '--target-group'} are both given`,
      '--port names instance ports of Classic Load Balancers, --target-group groups of Network ones',
    );
  return given ?? meant;
}

async function apisOf(
  regions: readonly string[],
  all: boolean,
  context: Context,
): Promise<readonly ElasticLoadBalancing[]> {
  if (!all) return context.apis(regions);
  const { regionsBeside } = await import('../../aws/regions.js');
  const here = regions[0] ?? (await context.api()).region;
  return context.apis(regionsBeside(here));
}
