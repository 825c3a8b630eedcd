import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { startService } from '../helpers/service.js';

const path = 'README.md';
const block = /```console\n([\s\S]*?)```/g;

/** What differs from run to run: identifiers, times, ports and digests. */
function timeless(text: string): string {
  return text
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST')
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, 'CHANGE-ID')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'REQUEST-ID')
    .replaceAll(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{3}Z| UTC)/g, 'TIME')
    .replaceAll(/vpc-[0-9a-f]+/g, 'VPC')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
}

/**
 * Runs the commands of the README's console blocks, from top to bottom, against one local service, and gives the
 * README with what they print. Lines that do not start with `$ elb-proxy` are output.
 */
async function withRealOutput(readme: string): Promise<string> {
  await using service = await startService('demo', { dataPlane: false });
  const stateDirectory = await temporaryDirectory();
  let answered = '';
  let from = 0;
  for (const match of readme.matchAll(block)) {
    answered += readme.slice(from, match.index);
    from = match.index + match[0].length;
    const commands = (match[1] ?? '').split('\n').filter((line) => line.startsWith('$ '));
    const shown: string[] = [];
    for (const command of commands) {
      const argv = command
        .replace('$ elb-proxy ', '')
        .replace(/ +#.*$/, '')
        .split(' ');
      const { stdout, stderr } = await elbProxy(argv, {
        stateDirectory,
        endpoint: service.endpoint,
        env: { AWS_REGION: 'us-east-1' },
        cwd: stateDirectory,
      });
      shown.push(`${command}\n${stdout}${stderr}`.trimEnd());
    }
    answered += `\`\`\`console\n${shown.join('\n\n')}\n\`\`\``;
  }
  return answered + readme.slice(from);
}

describe('the README', () => {
  it('shows what the commands in it really print', async () => {
    const readme = await readFile(path, 'utf8');
    const real = await withRealOutput(readme);
    if (process.env['UPDATE_README'] === '1') await writeFile(path, timelessKept(readme, real));
    const shown = await readFile(path, 'utf8');
    expect(timeless(shown)).toBe(timeless(real));
    expect(shown.match(block)?.length).toBeGreaterThan(5);
  });
});

/** Leaves the README as it is where only identifiers and times would change. */
function timelessKept(readme: string, real: string): string {
  return timeless(readme) === timeless(real) ? readme : real;
}
