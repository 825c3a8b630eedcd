import { spawn } from 'node:child_process';

/** Runs a command line once; gives its wall time in milliseconds. Rejects when it fails: a failed run measures nothing. */
export async function timeOnce([command, ...args], env = process.env) {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: 'ignore' });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return performance.now() - started;
}

/** Times several command lines in turn, so that whatever else the machine does meets all of them alike. */
export async function interleaved(contenders, rounds) {
  const times = contenders.map(() => []);
  for (const { argv, env } of contenders) await timeOnce(argv, env);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { argv, env }] of contenders.entries()) times[index].push(await timeOnce(argv, env));
  }
  return times;
}

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
export function printTable(title, columns, rows) {
  const cells = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index].length)));
  console.log(`\n${title}`);
  for (const row of cells)
    console.log(`  ${row.map((cell, index) => cell.padEnd(widths[index])).join('  ')}`.trimEnd());
}
