import { usageError } from '../../errors.js';
import type { Given, Option } from '../define.js';

/** Options of `verify`, by the questions that take them. */
const options = {
  'load-balancer': {
    type: 'text',
    value: 'NAME',
    describe: 'backend: its registered instances (needs ec2:DescribeInstances); listen: connect through it',
  },
  port: {
    type: 'texts',
    value: 'N',
    describe:
      'backend: instance port, with --load-balancer; listen: where to listen (0: a free one); capture: instance port, or several',
  },
  expect: {
    type: 'text',
    value: 'VERDICT',
    describe:
      'exit 4 unless every verdict is this one, such as requires-proxy (backend) or proxy-v1 (listen, capture)',
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
      'backend: for each answer (default: 3); listen, capture: in all (default: no end; 10 with a load balancer)',
  },
  app: {
    type: 'text',
    value: 'NAME',
    choices: ['auto', 'http', 'tls', 'tcp'],
    describe: 'backend: what it speaks, http, tls or tcp (default: auto, which finds out)',
  },
  send: {
    type: 'text',
    value: 'TEXT',
    describe: 'backend: what to say to it, in a protocol of its own; \\r \\n \\t \\0 \\xHH \\\\ are escapes',
  },
  'expect-reply': {
    type: 'text',
    value: 'TEXT',
    describe: 'backend: what a good answer to --send contains',
  },
  'banner-wait': {
    type: 'text',
    value: 'SECONDS',
    describe: 'backend: how long a greeting may take (default: 1)',
  },
  'http-path': { type: 'text', value: 'PATH', describe: 'backend: path of the HTTP request (default: /)' },
  'http-host': { type: 'text', value: 'NAME', describe: 'backend: its Host header (default: the target)' },
  'tls-server-name': {
    type: 'text',
    value: 'NAME',
    describe: 'backend: the name to ask for in TLS (default: the target’s, if it is one)',
  },
  concurrency: {
    type: 'text',
    value: 'N',
    describe: 'backend: connections open at once, most of them waiting (default: 4096)',
  },
  host: { type: 'text', value: 'ADDRESS', describe: 'listen: address to bind (default: 127.0.0.1)' },
  through: {
    type: 'text',
    value: 'HOST:PORT',
    describe: 'listen: connect to this load balancer, and tell what came out here',
  },
  count: {
    type: 'text',
    value: 'N',
    describe: 'listen, capture: stop after N connections, health checks not counted',
  },
} as const satisfies Record<string, Option>;

/** What `verify` takes. */
export const verifyOptions: Readonly<Record<string, Option>> = options;

type Name = keyof typeof options;

/** What `verify` is asked. */
export type Question = 'backend' | 'listen' | 'capture';

/** The questions that take an option; all of them where it is not named here. */
const takers: Partial<Readonly<Record<Name, readonly Question[]>>> = {
  'load-balancer': ['backend', 'listen'],
  'allow-inconclusive': ['backend'],
  app: ['backend'],
  send: ['backend'],
  'expect-reply': ['backend'],
  'banner-wait': ['backend'],
  'http-path': ['backend'],
  'http-host': ['backend'],
  'tls-server-name': ['backend'],
  concurrency: ['backend'],
  host: ['listen'],
  through: ['listen'],
  count: ['listen', 'capture'],
};

/** Complains about an option that the other questions take. */
export function checkOptions(given: Given, question: Question): void {
  for (const [name, questions] of Object.entries(takers)) {
    if ((given.text(name) === undefined && !given.flag(name)) || questions.includes(question)) continue;
    throw usageError(
      `--${name} goes with verify ${questions.join(' and verify ')}, not with verify ${question}`,
      'see: elb-proxy verify --help',
    );
  }
}

/** The one `--port`; undefined where none is given. */
export function portTextOf(given: Given): string | undefined {
  const [text, another] = given.texts('port');
  if (another !== undefined)
    throw usageError(`--port ${text} and --port ${another} are both given`, 'give one of them');
  return text;
}

/** `--expect` as one of the question's verdicts. */
export function expectationOf<T extends string>(given: Given, verdicts: readonly T[]): T | undefined {
  const text = given.text('expect');
  const known = verdicts.find((verdict) => verdict === text);
  if (text !== undefined && known === undefined)
    throw usageError(`--expect ${text}: choose from ${verdicts.join(', ')}`);
  return known;
}

const units = { ms: 1, s: 1000, m: 60_000 } as const;

/** A time such as `3`, `0.5` (seconds), `500ms`, `5s` or `2m`, in milliseconds; at most so many seconds. */
export function secondsOf(given: Given, name: Name, most: number): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const [, number = '0', unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text) ?? [];
  const ms = Math.round(Number(number) * units[unit as keyof typeof units]);
  if (ms > 0 && ms <= most * 1000) return ms;
  throw usageError(`--${name} ${text}: give a time above 0, at most ${most}s, as 3, 500ms, 5s or 2m`);
}

/** An option that counts. */
export function countOf(given: Given, name: Name, most: number): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most) return Number(text);
  throw usageError(`--${name} ${text}: give a whole number from 1 to ${most}`);
}
