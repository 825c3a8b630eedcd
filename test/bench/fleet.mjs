import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocal } from '../../dist/local/index.js';
import { median, printTable, timeOnce } from './measure.mjs';

const bin = fileURLToPath(new URL('../../bin/elb-proxy.js', import.meta.url));
const memoryAtExit = fileURLToPath(new URL('../helpers/memory-at-exit.mjs', import.meta.url));
const policy = {
  policyName: 'proxy',
  policyTypeName: 'ProxyProtocolPolicyType',
  attributes: { ProxyProtocol: 'true' },
};

/** `status -o json` of fleets of growing size, every second load balancer with a policy on its port: calls, time, memory. */
export async function run({ sizes = [1_000, 3_000, 10_000], rounds = 3 } = {}) {
  const memoryFile = join(mkdtempSync(join(tmpdir(), 'elb-proxy-bench-')), 'memory');
  const fleets = [];
  for (const size of sizes) fleets.push(await startFleet(size));
  // In turn, so that whatever else the machine does meets all sizes alike.
  for (let round = 0; round < rounds; round++) {
    for (const { local, counted, times, peaks } of fleets) {
      counted.calls = 0;
      times.push(
        await timeOnce([process.execPath, bin, 'status', '-o', 'json'], environment(local, memoryFile)),
      );
      peaks.push(process.platform === 'linux' ? Number(readFileSync(memoryFile, 'utf8')) : Number.NaN);
    }
  }
  for (const { local } of fleets) await local.close();
  const rows = fleets.map(({ size, counted, times, peaks }) => {
    const ms = median(times);
    return { size, calls: counted.calls, ms, msEach: ms / size, peakBytes: Math.max(...peaks) };
  });
  const [least] = rows;
  printTable(
    `status -o json of a fleet on a local service, median time and highest memory of ${rounds} runs`,
    ['load balancers', 'calls', 'seconds', 'ms each', '× smallest', 'peak MB', '× smallest'],
    rows.map(({ size, calls, ms, msEach, peakBytes }) => [
      size,
      calls,
      (ms / 1000).toFixed(1),
      msEach.toFixed(2),
      (msEach / least.msEach).toFixed(2),
      (peakBytes / 1e6).toFixed(0),
      (peakBytes / least.peakBytes).toFixed(2),
    ]),
  );
  return rows;
}

async function startFleet(size) {
  const counted = { calls: 0 };
  const loadBalancers = Array.from({ length: size }, (_, index) => ({
    name: `lb-${String(index).padStart(5, '0')}`,
    listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
    ...(index % 2 === 0
      ? { policies: [policy], backendPolicies: [{ instancePort: 8443, policyNames: ['proxy'] }] }
      : {}),
  }));
  const onEvent = ({ kind }) => {
    if (kind === 'request') counted.calls++;
  };
  const local = await startLocal({ port: 0, dataPlane: false, seed: { loadBalancers }, onEvent });
  return { size, local, counted, times: [], peaks: [] };
}

function environment(local, memoryFile) {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: local.endpoint,
    ELB_PROXY_STATE_DIR: '/nonexistent/elb-proxy',
    NODE_OPTIONS: `--import=${memoryAtExit}`,
    MEMORY_FILE: memoryFile,
  };
}
