import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocal } from '../../dist/local/index.js';
import { livedIn, onWhat } from './lived-in.mjs';
import { bin, environment, figure, inTurn, range, ratio, table, timeOnce } from './measure.mjs';

const memoryAtExit = fileURLToPath(new URL('../helpers/memory-at-exit.cjs', import.meta.url));

/** Makes a measurer of one command line's highest resident memory, in MB. */
export function peakMemory(folder) {
  const file = join(folder, 'memory');
  return async (argv, env) => {
    await timeOnce(argv, { ...env, NODE_OPTIONS: `--require=${memoryAtExit}`, MEMORY_FILE: file });
    return Number(readFileSync(file, 'utf8')) / 1e6;
  };
}

/** The highest resident memory of whole processes, beside bare Node's. */
export async function run({ rounds = 7 } = {}) {
  if (process.platform !== 'linux') return { rounds, rows: [] };
  const folder = mkdtempSync(join(tmpdir(), 'elb-proxy-bench-'));
  const local = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  const [state] = await livedIn(folder);
  const env = environment(local.endpoint, { ELB_PROXY_STATE_DIR: state });
  const peak = peakMemory(folder);
  const node = (name, ...args) => ({ name, measure: () => peak([process.execPath, ...args], env) });
  try {
    const rows = await inTurn(
      [
        node('node -e 0', '-e', '0'),
        node('elb-proxy --version', bin, '--version'),
        node('elb-proxy --help', bin, '--help'),
        node('elb-proxy status web', bin, 'status', 'web'),
        node(
          'elb-proxy enable web --port 8443 --dry-run',
          bin,
          'enable',
          'web',
          '--port',
          '8443',
          '--dry-run',
        ),
      ],
      rounds,
    );
    return { rounds, rows: rows.map((row) => ({ ...row, ofNode: ratio(row, rows[0]) })) };
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The table for people. */
export const format = ({ rounds, rows }) =>
  rows.length === 0
    ? '\nNo memory of processes: it is read from /proc, on Linux'
    : table(
        `Highest resident memory of a process, ${rounds} runs each in turn; ${onWhat}`,
        ['command', 'MB, median (quartiles)', '× node -e 0'],
        rows.map((row) => [row.name, range(row), figure(row.ofNode)]),
      );
