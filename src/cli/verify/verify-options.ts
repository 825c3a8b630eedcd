import { usageError } from '../../errors.js';
import type { Given } from '../define.js';
import { type Option, runCommandOptions } from '../options.js';
import { boundedTime, wholeNumber } from '../quantities.js';

/** Options of `verify`, by the questions that take them. */
export const verifyOptions = {
  'load-balancer': {
    type: 'text',
    value: 'NAME',
    describe: 'backend: its registered instances (needs ec2:DescribeInstances); listen: connect through it',
  },
  port: {
    type: 'texts',
    value: 'N',
    describe:
      'backend: instance port, with --load-balancer; listen: where to listen (0: a free one), the port of this instance or target with --load-balancer; capture: instance port, or several',
  },
  'target-group': {
    type: 'text',
    value: 'GROUP',
    describe:
      'with --load-balancer: a target group of this Network Load Balancer (name or ARN); backend: probe its targets, each on its own port, instead of --port; listen: connect through this group',
  },
  expect: {
    type: 'text',
    value: 'VERDICT',
    describe:
      'exit 4 unless every verdict is this one, for example requires-proxy (backend) or proxy-v1 (listen, capture)',
  },
  'allow-inconclusive': {
    type: 'flag',
    describe:
      'backend: exit 0 even if a target is out of reach or inconclusive (with --expect, at least one must have the verdict)',
  },
  timeout: {
    type: 'text',
    value: 'SECONDS',
    describe:
      'backend: for each answer (default: 3); listen, capture: in all (default: no limit; 10 with a load balancer)',
  },
  app: {
    type: 'text',
    value: 'NAME',
    choices: ['auto', 'http', 'tls', 'tcp'],
    describe: 'backend: its protocol, http, tls or tcp (default: auto, which detects it)',
  },
  send: {
    type: 'text',
    value: 'TEXT',
    describe: 'backend: bytes to send, in its own protocol; \\r \\n \\t \\0 \\xHH \\\\ are escapes',
  },
  'expect-reply': {
    type: 'text',
    value: 'TEXT',
    describe: 'backend: what a good answer to --send contains',
  },
  'banner-wait': {
    type: 'text',
    value: 'SECONDS',
    describe: 'backend: how long to wait for a greeting (default: 1)',
  },
  'http-path': { type: 'text', value: 'PATH', describe: 'backend: path of the HTTP request (default: /)' },
  'http-host': { type: 'text', value: 'NAME', describe: 'backend: its Host header (default: the target)' },
  'tls-server-name': {
    type: 'text',
    value: 'NAME',
    describe: "backend: the name to ask for in TLS (default: the target's, if it is one)",
  },
  concurrency: {
    type: 'text',
    value: 'N',
    describe: 'backend: connections open at once, most of them waiting (default: 4096)',
  },
  from: {
    type: 'text',
    value: 'WHERE',
    choices: ['here', 'instances'],
    describe:
      'backend: probe from this machine, or from the registered instances themselves through Systems Manager (default: here)',
  },
  ...runCommandOptions,
  host: { type: 'text', value: 'ADDRESS', describe: 'listen: address to bind (default: 127.0.0.1)' },
  through: {
    type: 'text',
    value: 'HOST:PORT',
    describe: 'listen: connect to this load balancer, and show what arrives here',
  },
  count: {
    type: 'text',
    value: 'N',
    describe: 'listen, capture: stop after N connections, health checks not counted',
  },
} as const satisfies Record<string, Option>;

/** Their values, with those of the options that every command takes. */
export type VerifyValues = Given<typeof verifyOptions>['options'];

type Name = keyof typeof verifyOptions;

/** The question that `verify` answers. */
export type Question = 'backend' | 'listen' | 'capture';

/** The questions that take an option; an option that is not listed here is for all of them. */
const takers = {
  'load-balancer': ['backend', 'listen'],
  'target-group': ['backend', 'listen'],
  'allow-inconclusive': ['backend'],
  app: ['backend'],
  send: ['backend'],
  'expect-reply': ['backend'],
  'banner-wait': ['backend'],
  'http-path': ['backend'],
  'http-host': ['backend'],
  'tls-server-name': ['backend'],
  concurrency: ['backend'],
  from: ['backend'],
  'ssm-document': ['backend'],
  'allow-run-shell-script': ['backend'],
  host: ['listen'],
  through: ['listen'],
  count: ['listen', 'capture'],
} as const satisfies Partial<Record<Name, readonly Question[]>>;

/** Connections that `--count` may wait for, and how long `--timeout` may be in all. */
const mostConnections = 1_000_000;
const mostSeconds = 86_400;

/** `--count`, and `--timeout` in milliseconds, of the questions that wait for connections. */
export function boundsOf({ count, timeout }: VerifyValues) {
  return {
    count: wholeNumber('--count', count, { least: 1, most: mostConnections }),
    timeoutMs: boundedTime('--timeout', timeout, mostSeconds),
  };
}

/** Complains about an option that the other questions take. */
export function checkOptions(given: VerifyValues, question: Question): void {
  for (const [name, questions] of Object.entries<readonly Question[]>(takers)) {
    const value = given[name as keyof typeof takers];
    if (value === undefined || value === false || questions.includes(question)) continue;
    throw usageError(
      `--${name} only works with verify ${questions.join(' and verify ')}, not with verify ${question}`,
      'see: elb-proxy verify --help',
    );
  }
}

/** The one `--port`; undefined if none is given. */
export function portTextOf({ port: [text, another] }: VerifyValues): string | undefined {
  if (another !== undefined)
    throw usageError(`--port ${text} and --port ${another} are both given`, 'give one of them');
  return text;
}

/** `--expect` as one of the question's verdicts. */
export function expectationOf<T extends string>(
  { expect: text }: VerifyValues,
  verdicts: readonly T[],
): T | undefined {
  const known = verdicts.find((verdict) => verdict === text);
  if (text !== undefined && known === undefined)
    throw usageError(`--expect ${text}: choose from ${verdicts.join(', ')}`);
  return known;
}
