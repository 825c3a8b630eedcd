/** What the benchmarks share: running commands in turn, medians, tables. */
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The program. */
export const bin = fileURLToPath(new URL('../../bin/elb-proxy.js', import.meta.url));

/** An environment that holds nothing of the user's own, for a service at that address. */
export const environment = (endpoint, more = {}) => ({
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: endpoint,
  ELB_PROXY_STATE_DIR: '/nonexistent/elb-proxy',
  ...more,
});

/** Runs a command line once; gives its wall time in milliseconds. Rejects when it fails: a failed run measures nothing. */
export async function timeOnce([command, ...args], env = process.env) {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${complaint.trim()}`);
  return ms;
}

/**
 * Measures contenders `{ name, measure: (round) => number }` in turn, so that whatever else the machine does meets all of
 * them alike; every other round goes backwards, so that what one leaves behind does not always meet the same next one. Each
 * is warmed up once, in round -1, which does not count.
 *
 * @returns for each `{ name, values, median, quartiles }`
 */
export async function inTurn(contenders, rounds) {
  const values = contenders.map(() => []);
  for (let round = -1; round < rounds; round++) {
    const turns = [...contenders.entries()];
    for (const [index, { measure }] of round % 2 === 1 ? turns.toReversed() : turns) {
      const value = await measure(round);
      if (round >= 0) values[index].push(value);
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    values: values[index],
    median: median(values[index]),
    quartiles: spread(values[index]),
  }));
}

/** How many times the other's value one's is: the median over the rounds, for what disturbs a round disturbs both. */
export const ratio = (one, other) =>
  one === undefined || other === undefined
    ? undefined
    : median(one.values.map((value, round) => value / other.values[round]));

/** The middle value. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The quartiles, as the spread that goes with a median. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 4)], sorted[Math.floor((sorted.length * 3) / 4)]];
}

/** Rows as a table for people. */
export function table(title, columns, rows) {
  const cells = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index].length)));
  const lines = cells.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index])).join('  ')}`);
  return ['', title, ...lines.map((line) => line.trimEnd())].join('\n');
}

/** A number of which there may be none. */
export const figure = (value, digits = 2) => (value === undefined ? '-' : value.toFixed(digits));

/** A median and its quartiles in a cell. */
export const range = ({ median: middle, quartiles }, digits = 0) =>
  `${middle.toFixed(digits)} (${quartiles.map((value) => value.toFixed(digits)).join('–')})`;

/**
 * The AWS CLI as `{ argv, version }`, or undefined where there is none. Where pyenv wraps it, the program
 * behind: its shim costs time that is not the CLI's.
 */
export function awsCli() {
  const program = firstWord('pyenv', ['which', 'aws']) ?? 'aws';
  const version = firstWord(program, ['--version']);
  return version === undefined ? undefined : { argv: [program, 'elb'], version };
}

/** Python with boto3 as `{ argv, version }`, or undefined where there is none. */
export function boto3() {
  const script = 'import sys, boto3; print(sys.executable, boto3.__version__)';
  const [program, version] = firstLineOf('python3', ['-c', script])?.split(' ') ?? [];
  return version === undefined ? undefined : { argv: [program], version: `boto3/${version}` };
}

/** HAProxy's version, or undefined where there is none. */
export const haproxyVersion = () => firstLineOf('haproxy', ['-v'])?.match(/\d+\.\d+/)?.[0];

const firstWord = (program, args) => firstLineOf(program, args)?.split(' ')[0];

function firstLineOf(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
      '\n',
    )[0];
  } catch {
    return undefined;
  }
}

/** What a child says first: a line, or one JSON document where `parse` is `JSON.parse`. */
export async function firstWords(child, parse = wholeLine) {
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk;
    try {
      return parse(text);
    } catch {
      // Not all of it is there.
    }
  }
  throw new Error('it ended without a word');
}

function wholeLine(text) {
  if (!text.includes('\n')) throw new Error('no line yet');
  return text.split('\n')[0];
}
