import { ElbProxyError, usageError } from '../../errors.js';
import type { InspectedLoadBalancer, StatusError } from '../../render/json/status.js';
import type { Context } from '../context.js';
import type { Command, Given } from '../define.js';
import { namesOf, portNumber } from '../options.js';
import { warnOfInterrupted } from '../warn-of-interrupted.js';

/** `elb-proxy status`. */
export const status: Command = {
  name: 'status',
  summary: 'which instance ports send the PROXY line, and what else is attached',
  positionals: { usage: '[name...]', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    tag: {
      type: 'texts',
      value: 'KEY=VALUE',
      describe: 'only load balancers with this tag; several must all hold',
    },
    expect: {
      type: 'text',
      value: 'STATE',
      choices: ['enabled', 'disabled'],
      describe: 'exit 4 unless every port is in this state',
    },
    port: { type: 'texts', value: 'N', describe: 'with --expect: only these instance ports' },
  },
  examples: [
    { command: 'elb-proxy status', what: 'every load balancer of the region' },
    { command: 'elb-proxy status web', what: "one, with its instances' health and its hazards" },
    {
      command: 'elb-proxy status web --expect enabled --port 8443',
      what: 'the drift check: exit 4 when it is not so',
    },
  ],
  mutates: false,
  iam: ['DescribeLoadBalancers', 'DescribeLoadBalancerPolicies', 'DescribeInstanceHealth', 'DescribeTags'],
  exitCodes: [0, 1, 4, 130],
  run: async (given, context) => {
    const names = namesOf(given);
    const expectation = expectationOf(given);
    const tags = given.texts('tag').map(parseTag);
    await warnOfInterrupted(context);

    const { inspected, regions, errors } = await read(given, names, tags, context);
    const { statusDocument } = await import('../../render/json/status.js');
    const { renderStatus } = await import('../../render/text/status.js');
    await context.print(statusDocument(regions, inspected, errors), renderStatus);
    const unmet = expectation === undefined ? [] : await misses(inspected, expectation);
    if (unmet.length > 0) {
      const { renderError } = await import('../../render/error.js');
      const error = new ElbProxyError(`expected ${expectation?.state}: ${unmet.join('; ')}`, {
        code: 'expectation-not-met',
        fault: 'world',
      });
      await context.tell((style) => renderError(error, style));
      return 4;
    }
    return errors.length > 0 ? 1 : 0;
  },
};

interface Expectation {
  readonly state: string;
  readonly ports: readonly number[];
}

function expectationOf(given: Given): Expectation | undefined {
  const state = given.text('expect');
  const ports = given.texts('port').map((value) => portNumber('--port', value));
  if (state !== undefined) return { state, ports };
  if (ports.length > 0)
    throw usageError('--port goes with --expect', 'status shows every port: leave --port out');
  return undefined;
}

function parseTag(text: string): { readonly key: string; readonly value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`--tag ${text}: a tag is given as key=value`);
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

async function read(
  given: Given,
  names: readonly string[],
  tags: readonly { key: string; value: string }[],
  context: Context,
) {
  const { inspect } = await import('../../app/inspect.js');
  const { hazards } = await import('../../core/hazards.js');
  const { instancePorts } = await import('../../core/status.js');
  const wanted: readonly (string | undefined)[] =
    given.texts('region').length > 0 ? given.texts('region') : [undefined];
  const inspected: InspectedLoadBalancer[] = [];
  const regions: string[] = [];
  const errors: StatusError[] = [];
  for (const region of new Set(wanted)) {
    const api = await context.api(region);
    regions.push(api.region);
    try {
      const asked = names.length > 0;
      const found = await inspect(api, {
        ...(asked ? { names } : {}),
        detail: asked ? 'all' : 'lists',
        tags,
        emit: context.emit,
      });
      for (const loadBalancer of found) {
        const question = { purpose: 'status' as const, instancePorts: instancePorts(loadBalancer), asked };
        inspected.push({ loadBalancer, hazards: hazards(loadBalancer, question) });
      }
    } catch (error) {
      // One region's failure must not hide the others; with one region it is the failure of the command.
      if (wanted.length === 1 || !(error instanceof ElbProxyError)) throw error;
      errors.push({ region: api.region, code: error.code, message: error.message });
    }
  }
  return { inspected, regions, errors };
}

async function misses(
  inspected: readonly InspectedLoadBalancer[],
  { state, ports }: Expectation,
): Promise<readonly string[]> {
  const { instancePortStatuses } = await import('../../core/status.js');
  return inspected.flatMap(({ loadBalancer }) => {
    const statuses = instancePortStatuses(loadBalancer);
    const missing = ports.filter((port) => !statuses.some(({ instancePort }) => instancePort === port));
    const wrong = statuses.filter(
      ({ instancePort, proxyProtocol }) =>
        (ports.length === 0 || ports.includes(instancePort)) && proxyProtocol !== state,
    );
    return [
      ...missing.map((port) => `${loadBalancer.name} has no instance port ${port}`),
      ...wrong.map(
        ({ instancePort, proxyProtocol }) =>
          `${loadBalancer.name} instance port ${instancePort} is ${proxyProtocol}`,
      ),
    ];
  });
}
