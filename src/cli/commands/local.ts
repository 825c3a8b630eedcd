import { ElbProxyError, usageError } from '../../errors.js';
import type { LocalEvent, LocalOptions } from '../../local/index.js';
import type { Context } from '../context.js';
import type { Command, Given } from '../define.js';
import { regionOf } from '../options.js';

/** `elb-proxy local`. */
export const local: Command = {
  name: 'local',
  summary: 'a Classic ELB API on this machine, to try everything against',
  takesRest: true,
  options: {
    port: {
      type: 'text',
      value: 'N',
      describe: 'port of the API on 127.0.0.1 (default: 4580; 0 takes a free one)',
    },
    state: { type: 'text', value: 'FILE', describe: 'keep the load balancers in this file across runs' },
    seed: {
      type: 'text',
      value: 'demo|FILE',
      describe: 'what to start with where there is no load balancer yet',
    },
    latency: { type: 'text', value: 'MS', describe: 'hold each answer back this many milliseconds' },
  },
  examples: [
    { command: 'elb-proxy local --seed demo', what: 'a service with two load balancers, until Ctrl-C' },
    { command: 'elb-proxy local --seed demo -- elb-proxy status', what: 'run one command against it' },
    {
      command: 'elb-proxy local -- aws elb describe-load-balancers',
      what: 'the AWS CLI too: no option is needed',
    },
  ],
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (given, context) => {
    const options = optionsOf(given, context);
    const { startLocal, LocalElbError } = await import('../../local/index.js');
    const running = await startLocal(options).catch((error: unknown) => {
      if (!(error instanceof LocalElbError)) throw error;
      const hint =
        error.code === 'PortUnavailable'
          ? 'give another port with --port, or --port 0 for a free one'
          : undefined;
      throw new ElbProxyError(error.message, { code: error.code, fault: 'user', hint, cause: error });
    });
    return context.untilFinished(
      (async () => {
        try {
          if (given.rest.length > 0) {
            const { runWithEndpoint } = await import('../run-with-endpoint.js');
            return await runWithEndpoint(
              given.rest,
              running.endpoint,
              options.region ?? 'us-east-1',
              context.io,
            );
          }
          await announce(running.endpoint, context);
          await stopped(context.io.signal);
          return 0;
        } finally {
          await running.close();
        }
      })(),
    );
  },
};

function optionsOf(given: Given, context: Context): LocalOptions {
  const region = regionOf(given);
  const [state, seed] = [given.text('state'), given.text('seed')];
  return {
    // With a command behind it nobody has to know the port, and several may run side by side.
    port: numberOf(given, 'port', 65_535) ?? (given.rest.length > 0 ? 0 : 4580),
    latencyMs: numberOf(given, 'latency', 60_000) ?? 0,
    ...(region === undefined ? {} : { region }),
    ...(state === undefined ? {} : { stateFile: state }),
    ...(seed === undefined ? {} : { seed }),
    onEvent: (event) => void tellEvent(event, given, context),
  };
}

function numberOf(given: Given, option: string, most: number): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text) && Number(text) <= most) return Number(text);
  throw usageError(`--${option} ${text}: give a whole number from 0 to ${most}`);
}

async function tellEvent(event: LocalEvent, given: Given, { tell }: Context): Promise<void> {
  if (event.kind === 'warning') return tell(() => `elb-proxy: ${event.message}\n`);
  if (given.rest.length > 0 && !given.flag('debug')) return undefined;
  const { action, region, status, code, ms } = event;
  const { printable } = await import('../../render/printable.js');
  return tell(
    () =>
      `${printable(action) || '-'}  ${printable(region)}  ${status}${code === undefined ? '' : `  ${code}`}  ${Math.round(ms)} ms\n`,
  );
}

async function announce(endpoint: string, context: Context): Promise<void> {
  await context.print({ formatVersion: 1, endpoint }, () =>
    [
      `Classic ELB API on ${endpoint}`,
      '',
      'In another terminal:',
      `  export AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING=${endpoint}`,
      '  export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
      '  elb-proxy status',
      '',
      'Ctrl-C ends it.',
      '',
    ].join('\n'),
  );
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
