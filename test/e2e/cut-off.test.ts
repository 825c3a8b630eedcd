import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asIfMadeAt } from '../helpers/as-if-made-at.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

const set = 'SetLoadBalancerPoliciesForBackendServer';

const enable = ['enable', 'web', '--port', '8443', '--yes'];

/** A run that was killed right after its write, or an undo of one that was not; gives its state directory and its change. */
async function killedRun(service: Service, argv = enable) {
  const stateDirectory = await temporaryDirectory();
  const options = { endpoint: service.endpoint, stateDirectory };
  if (argv !== enable) expect(await elbProxyHere(enable, options)).toMatchObject({ code: 0 });
  let kill = (): void => undefined;
  await using relay = await startRelay(service.endpoint, async ({ action }) => {
    if (action === set) kill();
    return 'pass';
  });
  const ran = await elbProxy(argv, {
    ...relay,
    stateDirectory,
    onStart: (child) => {
      kill = () => void child.kill('SIGKILL');
    },
  });
  expect(ran.signal).toBe('SIGKILL');
  await asIfMadeAt(stateDirectory, relay, service);
  const path = join(stateDirectory, 'journal.jsonl');
  const begin =
    (await readFile(path, 'utf8')).split('\n').findLast((line) => line.includes('"holder"')) ?? '';
  const { changeId, holder } = JSON.parse(begin) as { changeId: string; holder: Record<string, unknown> };
  /** Changes who holds it, as if it had been another. */
  const heldBy = async (other: object): Promise<void> => {
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(JSON.stringify(holder), JSON.stringify({ ...holder, ...other })));
  };
  return { options, path, changeId, holder, heldBy };
}

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('a killed run whose process id another process has now', () => {
  it.runIf(existsSync('/proc/self/stat'))('is cut off for status, history and undo', async () => {
    await using service = await startService();
    const { options, heldBy, changeId } = await killedRun(service);
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log("up")']);
    await once(other.stdout, 'data');
    try {
      await heldBy({ pid: other.pid });
      const status = await elbProxyHere(['status', 'web'], options);
      expect(flat(status.stderr)).toContain(`change ${changeId} `);
      expect(flat(status.stderr)).toContain('was cut off');
      const past = await elbProxyHere(['history', '-o', 'json'], options);
      expect(past.json().changes).toMatchObject([{ changeId, outcome: 'interrupted' }]);
      expect(await elbProxyHere(['undo', '--yes'], options)).toMatchObject({ code: 0 });
      expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'is cut off also where an older version has written it',
    async () => {
      await using service = await startService();
      const { options, path, holder } = await killedRun(service);
      const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log("up")']);
      await once(other.stdout, 'data');
      try {
        // It began a minute before that process did, and knew but two things of itself.
        const text = await readFile(path, 'utf8');
        const old = JSON.stringify({ pid: other.pid, host: holder['host'] });
        await writeFile(
          path,
          text
            .replace(JSON.stringify(holder), old)
            .replaceAll(/"at":"[^"]*"/g, `"at":"${new Date(Date.now() - 60_000).toISOString()}"`),
        );
        const past = await elbProxyHere(['history', '-o', 'json'], options);
        expect(past.json().changes).toMatchObject([{ outcome: 'interrupted' }]);
      } finally {
        other.kill('SIGKILL');
      }
    },
  );
});

describe('a change that was cut off and completed by a later one', () => {
  it('is put back by no command that is printed, since that would take back the later one', async () => {
    await using service = await startService();
    const { options, changeId } = await killedRun(service);
    expect((await elbProxyHere(['history'], options)).stdout).toContain(`elb-proxy undo ${changeId}`);
    // Everything was in effect: the second port is what is left to do.
    const both = ['enable', 'web', '--port', '8443,9443', '--yes'];
    expect(await elbProxyHere(both, options)).toMatchObject({ code: 0 });
    const past = await elbProxyHere(['history'], options);
    expect(past.stdout).toContain('interrupted, completed');
    expect(past.stdout).not.toContain(`elb-proxy undo ${changeId}`);
    expect((await elbProxyHere(['undo', changeId, '--yes', '-q'], options)).stderr).toContain(
      `change ${changeId} was completed since by change`,
    );
  });

  it('is finished by the undo that it was', async () => {
    await using service = await startService();
    const { options, changeId } = await killedRun(service, ['undo', '--yes']);
    const [, { changeId: enabled }] = (await elbProxyHere(['history', '-o', 'json'], options)).json().changes;
    const { stderr } = await elbProxyHere(['status', 'web'], options);
    expect(stderr).toContain(`elb-proxy undo ${enabled} `);
    expect(await elbProxyHere(['undo', enabled, '--yes'], options)).toMatchObject({ code: 0 });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect((await elbProxyHere(['status', 'web'], options)).stderr).toBe('');
    const { stdout } = await elbProxyHere(['history'], options);
    expect(stdout).not.toContain('elb-proxy undo');
    expect(stdout).not.toContain(changeId.concat(' --'));
  });
});

describe('a run of another host in the same state directory', () => {
  it("is not called cut off: that it can't be seen is said, and undo takes it back once it has the locks", async () => {
    await using service = await startService();
    const { options, heldBy, changeId } = await killedRun(service);
    await heldBy({ host: 'other-host', machine: 'another' });
    const status = await elbProxyHere(['status', 'web'], options);
    expect(flat(status.stderr)).toMatch(
      /has no recorded end: it is still running on other-host .* can't be seen from here/,
    );
    expect(flat(status.stderr)).not.toMatch(/\) was cut off:/);
    const past = await elbProxyHere(['history', '-o', 'json'], options);
    expect(past.json().changes).toMatchObject([{ changeId, outcome: 'unknown', host: 'other-host' }]);
    expect(flat((await elbProxyHere(['history'], options)).stdout)).toContain(
      'running or interrupted, on other-host',
    );
    const undone = await elbProxyHere(['undo', '--yes'], options);
    expect(undone.code).toBe(0);
    expect(flat(undone.stderr)).toContain('is still going can');
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect((await elbProxyHere(['status', 'web'], options)).stderr).toBe('');
  });
});

describe('undo without a name', () => {
  it.each([
    ['its beginning is garbage', (lines: string[], at: number) => lines.with(at, 'x'.repeat(300)), true],
    ['its beginning is gone', (lines: string[], at: number) => lines.toSpliced(at, 1), true],
    [
      'its beginning is cut',
      (lines: string[], at: number) => lines.with(at, lines[at]?.slice(0, 400) ?? ''),
      true,
    ],
    [
      'its beginning is of a later version',
      (lines: string[], at: number) =>
        lines.with(at, lines[at]?.replace('"action":"enable"', '"action":"toggle"') ?? ''),
      true,
    ],
    ['an older record is garbage', (lines: string[]) => ['garbage', ...lines], false],
  ])(
    "takes no older change if the newest can't be read (%s): it names both",
    async (_what, spoil, refused) => {
      await using service = await startService();
      const stateDirectory = await temporaryDirectory();
      const options = { endpoint: service.endpoint, stateDirectory };
      for (const port of ['8443', '9443'])
        await elbProxyHere(['enable', 'web', '--port', port, '--yes'], options);
      const path = join(stateDirectory, 'journal.jsonl');
      const lines = (await readFile(path, 'utf8')).trim().split('\n');
      const begins = lines.flatMap((line, at) => (line.includes('"record":"begin"') ? [at] : []));
      const [older = '', newer = ''] = begins.map(
        (at) => (JSON.parse(lines[at] ?? '') as { changeId: string }).changeId,
      );
      await writeFile(path, `${spoil(lines, begins[1] ?? 0).join('\n')}\n`);
      const undone = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
      if (!refused) {
        expect(undone.code).toBe(0);
        return;
      }
      expect(undone.code).toBe(3);
      expect(undone.json().error.code).toBe('journal-unreadable');
      expect(undone.json().error.message).toContain(older);
      expect(undone.json().error.message).toMatch(new RegExp(`line \\d+|${newer}`));
      expect(await service.listOf(8443)).toContain('ProxyProtocol-enabled');
      expect(await elbProxyHere(['undo', older, '--yes'], options)).toMatchObject({ code: 0 });
      expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    },
  );
});

describe('history --all', () => {
  it('shows what history leaves out, and history says that there is more', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const options = { endpoint: service.endpoint, stateDirectory };
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], options);
    const path = join(stateDirectory, 'journal.jsonl');
    const text = await readFile(path, 'utf8');
    const { changeId } = JSON.parse(text.split('\n')[0] ?? '') as { changeId: string };
    const many = Array.from({ length: 1200 }, (_, nth) => text.replaceAll(changeId, `old-${nth}`));
    await writeFile(path, many.join(''));
    const count = async (...more: string[]) =>
      (await elbProxyHere(['history', '-o', 'json', ...more], options)).json() as {
        changes: unknown[];
        older: boolean;
      };
    expect(await count()).toMatchObject({ older: true, changes: { length: 100 } });
    expect(await count('--all')).toMatchObject({ older: false, changes: { length: 1200 } });
    await elbProxyHere(['disable', 'web', '--port', '8443', '--yes'], options);
    expect((await readFile(path, 'utf8')).split('"record":"begin"')).toHaveLength(1001);
    expect(await count('--all')).toMatchObject({ older: false, changes: { length: 1201 } });
    expect((await elbProxyHere(['history'], options)).stdout).toContain('elb-proxy history --all');
    expect(await elbProxyHere(['undo', 'old-1', '--dry-run'], options)).toMatchObject({ code: 0 });
  });
});
