import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../dist/local/index.js';
import { bin, environment, median, range, spread, table, timeOnce } from './measure.mjs';

/**
 * How long another operator's write can slip in between: from the last byte of the answer that a write rests on to the
 * write's first byte, as the other end of the line sees it. Each round is a process of its own that makes a policy (its
 * first write) and puts it on two ports.
 */
export async function run({ rounds = 11 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'elb-proxy-bench-'));
  const loadBalancers = Array.from({ length: rounds + 1 }, (_, index) => ({
    name: `web-${index}`,
    listeners: [443, 444].map((port) => ({
      protocol: 'TCP',
      loadBalancerPort: port,
      instancePort: port + 8000,
    })),
  }));
  const local = await startLocal({ port: 0, dataPlane: false, seed: { loadBalancers } });
  const line = await startLine(Number(new URL(local.endpoint).port));
  const first = [];
  const later = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      line.gaps.length = 0;
      const env = environment(line.endpoint, { ELB_PROXY_STATE_DIR: join(folder, String(round)) });
      await timeOnce([process.execPath, bin, 'enable', `web-${round}`, '--port', '8443,8444', '--yes'], env);
      if (line.gaps.length !== 3) throw new Error(`${line.gaps.length} writes were seen, not 3`);
      // The first round warms the machine up, and does not count.
      if (round === 0) continue;
      first.push(line.gaps[0]);
      later.push(...line.gaps.slice(1));
    }
  } finally {
    line.close();
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const row = (name, values) => ({ name, values, median: median(values), quartiles: spread(values) });
  return { rounds, rows: [row('first write of a run', first), row('further writes', later)] };
}

const writes = /Action=(?:Create|Set|Delete)/;

/** A line to the service that notes when answers have left and requests begin. */
async function startLine(port) {
  const gaps = [];
  let answered = 0;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let began;
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.on('data', (chunk) => {
      // The head of a request may come before its body, which names the action.
      began ??= performance.now();
      if (writes.test(chunk.toString('latin1'))) gaps.push(began - answered);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      began = undefined;
      client.write(chunk);
      answered = performance.now();
    });
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { gaps, endpoint: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The table for people. */
export const format = ({ rounds, rows }) =>
  table(
    `From the answer of the last read to the first byte of the write, ${rounds} runs`,
    ['what', 'ms, median (quartiles)'],
    rows.map((row) => [row.name, range(row)]),
  );
