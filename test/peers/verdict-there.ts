import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { scriptWith } from '../../src/core/instance-probe/parameters.js';
import { scriptAddress } from '../../src/core/instance-probe/script-address.js';
import type { BackendResult } from '../../src/core/verify-result.js';
import { encodeBatch } from '../../src/probe/instance/encode-batch.js';
import { judgeInstance } from '../../src/probe/instance/judge-instance.js';
import { readOutput } from '../../src/probe/instance/read-output.js';
import type { ProbeSettings } from '../../src/probe/settings.js';

const run = promisify(execFile);

/** How the script is run. */
export interface ThereOptions {
  readonly shell?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: string;
}

/** Runs the script on this machine, as Run Command does on an instance, and judges what it printed. */
export async function verdictThere(
  port: number,
  settings: Partial<ProbeSettings> = {},
  { shell = ['sh'], env = {}, host = '127.0.0.1' }: ThereOptions = {},
): Promise<{ readonly said: string; readonly result: BackendResult; readonly output: string }> {
  const whole: ProbeSettings = { app: 'auto', timeoutMs: 1500, bannerWaitMs: 400, ...settings };
  const address = scriptAddress(host) ?? host;
  const batch = await encodeBatch(whole, port);
  if (batch === undefined) throw new Error('the batch is too long');
  const script = scriptWith({ Addresses: address, Port: String(port), Exchanges: batch.exchanges });
  const [command = 'sh', ...argv] = shell;
  const { stdout } = await run(command, [...argv, '-c', script], {
    env: { ...process.env, ELB_PROXY_LOCAL: '1', ...env },
    timeout: 120_000,
  });
  const result = judgeInstance(readOutput(stdout, batch, { address, port }), {
    target: { host, port, instanceId: 'i-0a1b2c3d4e5f60001' },
    address: host,
    goal: { app: whole.app, send: whole.send !== undefined, expectReply: whole.expectReply },
  });
  return { said: `${result.verdict} ${result.confidence}`, result, output: stdout };
}
