import { loadBalancerKinds } from '../../core/kinds.js';
import { networkNotKnownOf } from '../../core/network/network-status.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { nextCommand, statusCommand } from '../../core/next-command.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { HaproxyOptions } from '../../haproxy/haproxy-options.js';
import type { Context } from '../context.js';
import { command } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { namesOf, regionOf } from '../options.js';
import { portNumber } from '../quantities.js';

/** `elb-proxy haproxy-config`. */
export const haproxyConfig = command({
  name: 'haproxy-config',
  positionals: { usage: '<name>', least: 1, most: 1 },
  options: {
    kind: {
      type: 'text',
      value: 'KIND',
      choices: loadBalancerKinds,
      describe: 'classic or network: which kind is meant if both have the name',
    },
    backend: {
      type: 'texts',
      value: 'HOST',
      describe:
        'host name or address instead of the instances; repeatable, or a comma-separated list (default: 127.0.0.1)',
    },
    bind: {
      type: 'text',
      value: 'ADDRESS',
      describe: 'address to listen on, * for all (default: 127.0.0.1); the ports are those of the listeners',
    },
    certificate: {
      type: 'text',
      value: 'FILE',
      describe: 'PEM file with certificate and key, for SSL and HTTPS listeners',
    },
    'websocket-port': {
      type: 'text',
      value: 'N',
      describe:
        'instance port for the WebSocket requests of HTTP listeners, where several have the PROXY policy',
    },
  },
  examples: {
    'elb-proxy haproxy-config web > web.cfg': 'for a backend on this machine',
    "elb-proxy haproxy-config web --bind '*' --backend app-1,app-2 --certificate web.pem":
      'for two backends elsewhere',
  },
  mutates: false,
  iam: [
    'DescribeLoadBalancers',
    'DescribeLoadBalancerPolicies',
    'DescribeTargetGroups',
    'DescribeTargetGroupAttributes',
    'DescribeListeners',
    'DescribeTargetHealth',
    'DescribeTags',
  ],
  exitCodes: [0, 1, 130],
  run: async (given, context) => {
    const [name = ''] = namesOf(given);
    const { bind, backend: backends, certificate, 'websocket-port': port } = given.options;
    const options = {
      bind,
      backends,
      certificate,
      websocketPort: port === undefined ? undefined : portNumber('--websocket-port', port),
    };
    const { checkedOptions } = await import('../../haproxy/haproxy-options.js');
    // Before anything is asked for: a mistyped option costs no call.
    checkedOptions(options);
    const { kind } = given.options;
    const region = regionOf(given.options);
    if (kind === 'network') {
      const { inspectNetwork } = await import('../../app/inspect-network.js');
      const inspection = { names: [name], detail: 'all', emit: context.emit } as const;
      const [found] = await inspectNetwork(await context.networkApi(region), inspection);
      return found === undefined ? 1 : printNetworkConfig(found, options, context);
    }
    const api = await context.api(region);
    const { inspect } = await import('../../app/inspect.js');
    const looked = await inspect(api, { names: [name], detail: 'policies', emit: context.emit }).catch(
      async (error: unknown) => {
        if (kind === 'classic') throw error;
        const { networkNamesake } = await import('../network-namesake.js');
        return networkNamesake(error, name, 'all', api.region, context);
      },
    );
    if ('kind' in looked) return printNetworkConfig(looked, options, context);
    const [loadBalancer] = looked;
    if (loadBalancer === undefined) return 1;
    // The WebSocket port is a Classic one's.
    if (kind === undefined && port === undefined) {
      const { networkNamesakes } = await import('../network-namesake.js');
      if ((await networkNamesakes([name], region, context)).length > 0)
        throw nameOfBoth(name, {
          bind,
          certificate,
          region: api.region,
          backend: backends?.join(',') || undefined,
        });
    }
    const { requireKnown } = await import('../../app/read.js');
    requireKnown(loadBalancer);
    const { haproxyConfig: make } = await import('../../haproxy/haproxy-config.js');
    const config = make(loadBalancer, options);
    const { haproxyWarnings } = await import('../../haproxy/haproxy-warnings.js');
    const { renderEvent } = await import('../../render/text/event.js');
    // Said rather than emitted: the program may end before an event is written.
    for (const message of haproxyWarnings(loadBalancer, options)) {
      await context.say((style) => renderEvent({ code: 'warning', message }, style));
    }
    await context.print({ formatVersion: 1, config }, () => config);
    return 0;
  },
});

function nameOfBoth(name: string, options: Readonly<Record<string, string | undefined>>): ElbProxyError {
  const of = (kind: string) => nextCommand('haproxy-config', [name], { ...options, kind });
  return usageError(
    `${name} (${options['region']}) is the name of both a Classic and a Network Load Balancer`,
    `for the Classic one: ${of('classic')}\nfor the Network one: ${of('network')}`,
  );
}

/** Never generates from unknown state: a configuration must do what the load balancer does. */
async function printNetworkConfig(
  loadBalancer: NetworkLoadBalancer,
  options: HaproxyOptions,
  context: Context,
): Promise<ExitCode> {
  const { name, region } = loadBalancer;
  if (options.websocketPort !== undefined)
    throw usageError(
      `--websocket-port ${options.websocketPort} is for a Classic Load Balancer, and ${name} is a Network Load Balancer: its listeners forward WebSockets like any other connection`,
      'leave --websocket-port out',
    );
  const notKnown = networkNotKnownOf(loadBalancer);
  if (notKnown !== undefined) {
    const { leftOutWords } = await import('../../render/text/left-out.js');
    throw new ElbProxyError(
      `${name} (${region}): ${leftOutWords(notKnown).join('; ')}: no configuration is generated`,
      {
        code: 'incomplete-answer',
        fault: 'service',
        hint: `see what it answers now with: ${statusCommand({ name, region })}`,
      },
    );
  }
  const { networkHaproxyConfig } = await import('../../haproxy/network-haproxy-config.js');
  const config = networkHaproxyConfig(loadBalancer, options);
  await context.print({ formatVersion: 1, config }, () => config);
  return 0;
}
