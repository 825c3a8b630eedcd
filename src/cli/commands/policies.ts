import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { statusCommand } from '../../core/next-command.js';
import { type ElbProxyError, usageError } from '../../errors.js';
import { command } from '../define.js';
import { namesOf, regionOf, reviewOutputs } from '../options.js';

/** `elb-proxy policies`. */
export const policies = command({
  name: 'policies',
  positionals: { usage: '<name>', least: 1, most: 1 },
  options: {},
  examples: {
    'elb-proxy policies web': 'every policy, and where it is attached',
  },
  mutates: false,
  iam: ['DescribeLoadBalancers', 'DescribeLoadBalancerPolicies'],
  outputs: reviewOutputs,
  exitCodes: [0, 1, 130],
  run: async (given, context) => {
    const [name = ''] = namesOf(given);
    const api = await context.api(regionOf(given.options));
    const { inspect } = await import('../../app/inspect.js');
    const { whileWaiting } = await import('../while-waiting.js');
    const reading = inspect(api, { names: [name], detail: 'policies', emit: context.emit }).catch(
      async (error: unknown) => {
        const { networkNamesake } = await import('../network-namesake.js');
        throw hasNone(await networkNamesake(error, name, 'groups', api.region, context));
      },
    );
    const [loadBalancer] = await whileWaiting('reading policies', reading, context);
    if (loadBalancer === undefined) return 1;
    const { policiesDocument } = await import('../../render/json/policies.js');
    const document = policiesDocument(loadBalancer);
    if (context.output === 'markdown') {
      const { renderPoliciesMarkdown } = await import('../../render/markdown/policies.js');
      await context.print(document, (shown) => renderPoliciesMarkdown(shown));
      return 0;
    }
    const { renderPolicies } = await import('../../render/text/policies.js');
    const { endpointHeading } = await import('../../render/text/place-lines.js');
    await context.print(
      document,
      (shown, style) => endpointHeading(api.endpoint, style) + renderPolicies(shown, style),
    );
    return 0;
  },
});

function hasNone({ name, region }: NetworkLoadBalancer): ElbProxyError {
  return usageError(
    `${name} (${region}) is a Network Load Balancer, which has no policies: the PROXY protocol is an attribute of its target groups`,
    `see them with: ${statusCommand({ name, region })}`,
  );
}
