import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { ElbProxyError, reasonOf, usageError } from '../../errors.js';
import type { Certificate, LocalElb, LocalEvent, LocalOptions } from '../../local/index.js';
import type { Context } from '../context.js';
import { command, type Given } from '../define.js';
import { type Options, regionOf } from '../options.js';
import { wholeNumber } from '../quantities.js';

const defaultRegion = 'us-east-1';

const localOptions = {
  port: {
    type: 'text',
    value: 'N',
    describe: 'port of the API on 127.0.0.1 (default: 4580; 0 takes a free one)',
  },
  state: { type: 'text', value: 'FILE', describe: 'keep the load balancers in this file across runs' },
  seed: {
    type: 'text',
    value: 'demo|FILE',
    describe: 'what to start with if there are no load balancers yet',
  },
  instance: {
    type: 'texts',
    value: 'ID=ADDRESS',
    describe: 'IP address of an instance (default: 127.0.0.1); repeatable, or a comma-separated list',
  },
  certificate: {
    type: 'text',
    value: 'FILE',
    describe: 'PEM certificate of SSL and HTTPS listeners (default: one for localhost, made when needed)',
  },
  key: { type: 'text', value: 'FILE', describe: "the certificate's PEM key" },
  'no-data-plane': {
    type: 'flag',
    describe: 'open no listener and check no instance: only the API, with every instance InService',
  },
  latency: { type: 'text', value: 'MS', describe: 'hold each answer back this many milliseconds' },
} as const satisfies Options;

/** `elb-proxy local`. */
export const local = command({
  name: 'local',
  takesRest: true,
  options: localOptions,
  examples: {
    'elb-proxy local --seed demo': 'a service with three load balancers, until Ctrl-C',
    'elb-proxy local --state elb.json --instance i-0a1b2c3d4e5f60001=172.17.0.2':
      'keep what you set up, with an instance in a container',
    'elb-proxy local --seed demo -- elb-proxy status': 'run one command against it',
    'elb-proxy local -- aws elb describe-load-balancers':
      'the AWS CLI, too (from 1.29 or 2.13 on; an older one needs --endpoint-url)',
  },
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (given, context) => {
    const options = await readOptions(given, context);
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
            const { runWithEndpoint } = await import('../local/run-with-endpoint.js');
            return await runWithEndpoint(
              given.rest,
              running.endpoint,
              options.region ?? defaultRegion,
              context.io,
            );
          }
          await announce(running, options.region ?? defaultRegion, context);
          const { signal } = context.io;
          if (!signal.aborted) await once(signal, 'abort');
          return 0;
        } finally {
          await running.close();
        }
      })(),
    );
  },
});

async function readOptions(
  { options, rest }: Given<typeof localOptions>,
  context: Context,
): Promise<LocalOptions> {
  const region = regionOf(options);
  const { state: stateFile, seed, port, latency, debug } = options;
  const certificate = await certificateOf(options.certificate, options.key);
  const quiet = rest.length > 0 && !debug;
  return {
    // With a command behind it no one has to know the port, and several may run side by side.
    port: wholeNumber('--port', port, { least: 0, most: 65_535 }) ?? (rest.length > 0 ? 0 : 4580),
    latencyMs: wholeNumber('--latency', latency, { least: 0, most: 60_000 }) ?? 0,
    ...(region === undefined ? {} : { region }),
    ...(stateFile === undefined ? {} : { stateFile }),
    ...(seed === undefined ? {} : { seed }),
    ...(certificate === undefined ? {} : { certificate }),
    instances: instancesOf(options.instance),
    dataPlane: !options['no-data-plane'],
    onEvent: (event) => void tellEvent(event, quiet, context),
  };
}

function instanceOf(text: string): readonly [id: string, address: string] {
  const [id = '', address = '', ...more] = text.split('=');
  if (/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id) && isIP(address) !== 0 && more.length === 0)
    return [id, address];
  throw usageError(
    `--instance ${text}: give an instance id and an IP address`,
    'such as i-0a1b2c3d4e5f60001=172.17.0.2',
  );
}

function instancesOf(texts: readonly string[]): Readonly<Record<string, string>> {
  const all = texts.map(instanceOf);
  const twice = all.find(([id], index) => all.findIndex(([other]) => other === id) !== index);
  if (twice !== undefined) throw usageError(`--instance ${twice[0]} is given more than once`);
  return Object.fromEntries(all);
}

async function certificateOf(
  certificate: string | undefined,
  key: string | undefined,
): Promise<Certificate | undefined> {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    throw usageError(
      `--${key === undefined ? 'certificate' : 'key'} alone is not enough`,
      'give --certificate and --key',
    );
  }
  return { cert: await contentOf('certificate', certificate), key: await contentOf('key', key) };
}

async function contentOf(option: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw usageError(`--${option} ${path}: ${reasonOf(error)}`);
  }
}

async function tellEvent(event: LocalEvent, quiet: boolean, { say }: Context): Promise<void> {
  if (event.kind === 'warning') return say(() => `elb-proxy: ${event.message}\n`);
  if (quiet) return undefined;
  const { action, region, status, code, ms } = event;
  const { printable } = await import('../../render/printable.js');
  return say(
    () =>
      `${printable(action) || '-'}  ${printable(region)}  ${status}${code === undefined ? '' : `  ${code}`}  ${Math.round(ms)} ms\n`,
  );
}

async function announce(
  { endpoint, openPorts, openNetworkPorts, elbv2 }: LocalElb,
  home: string,
  context: Context,
): Promise<void> {
  const listeners = openPorts().map(({ region, loadBalancerName, listener, addresses }) => {
    const { protocol, loadBalancerPort, instanceProtocol, instancePort } = listener;
    return {
      region,
      loadBalancerName,
      protocol,
      loadBalancerPort,
      instanceProtocol,
      instancePort,
      addresses,
    };
  });
  const { targetGroups } = elbv2();
  const networkListeners = openNetworkPorts().map(({ region, loadBalancerName, listener, addresses }) => {
    const { protocol, port } = listener;
    const names = listener.targetGroups.flatMap(
      ({ arn }) => targetGroups.find((one) => one.arn === arn)?.name ?? [],
    );
    return { region, loadBalancerName, protocol, port, targetGroups: names, addresses };
  });
  const { exportLines } = await import('../local/local-environment.js');
  const exports = exportLines(context.io.env, endpoint, home);
  const document = { formatVersion: 1, endpoint, listeners, networkListeners } as const;
  await context.print(document, (_, { unicode }) => {
    const rows = [
      ...listeners.map((one) => ({
        ...one,
        port: one.loadBalancerPort,
        to: `${one.instanceProtocol} ${one.instancePort}`,
      })),
      ...networkListeners.map((one) => ({ ...one, to: one.targetGroups.join(', ') })),
    ];
    const width = Math.max(...rows.map(({ loadBalancerName }) => loadBalancerName.length));
    const lines = rows.map(
      ({ loadBalancerName, protocol, port, to, addresses }) =>
        `  ${loadBalancerName.padEnd(width)}  ${protocol.padEnd(5)} ${addresses.join(', ') || `${port}, not open`} ${unicode ? '→' : '->'} ${to}`,
    );
    return [
      `Elastic Load Balancing API on ${endpoint}`,
      ...(lines.length > 0 ? ['', 'Listeners:', ...lines] : []),
      '',
      'In another terminal:',
      ...exports.map((line) => `  ${line}`),
      '  elb-proxy status',
      '',
      'Ctrl-C ends it.',
      '',
    ].join('\n');
  });
}
