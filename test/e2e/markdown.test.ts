import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';
import { expectSafe } from '../render/markdown-page.js';

const enable = ['enable', 'web', '--port', '8443,9443'];

describe('--output markdown', () => {
  it('shows the plan of an enable, a disable and an undo, and writes nothing', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    const first = await elbProxyHere([...enable, '--dry-run', '-o', 'markdown'], options);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const page = await expectSafe(first.stdout);
    expect(first.stdout).toContain('### Plan: enable the PROXY protocol on `web` (`us-east-1`)');
    expect(page.fences.map(({ language }) => language)).toEqual(['mermaid', 'text', 'text', 'sh']);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);

    await elbProxyHere([...enable, '--yes'], options);
    const undo = await elbProxyHere(['undo', '--dry-run', '-o', 'markdown'], options);
    await expectSafe(undo.stdout);
    expect(undo.stdout).toMatch(/^### Plan: undo change `\d{8}-\d{6}-\w+`/);
    const disable = await elbProxyHere(
      ['disable', 'web', '--port', '8443', '--dry-run', '-o', 'markdown', '--detailed-exitcode'],
      options,
    );
    expect(disable.code).toBe(2);
    await expectSafe(disable.stdout);
    expect(await service.listOf(8443)).toContain('ProxyProtocol-enabled');
  });

  it('says how to apply the plan, and both ways work as printed', async () => {
    for (const way of ['apply', 'enable']) {
      await using service = await startService();
      const cwd = await temporaryDirectory();
      const options = { cwd, endpoint: service.endpoint };
      const out = ['--out', 'mine.json', '--summary=summary.md'];
      const dry = await elbProxy([...enable, '--dry-run', ...out, '-o', 'markdown'], options);
      expect(await readFile(join(cwd, 'summary.md'), 'utf8')).toContain('elb-proxy apply mine.json');
      const { fences } = await expectSafe(dry.stdout);
      const [command = ''] =
        fences.at(-1)?.lines.filter((line) => line.startsWith(`elb-proxy ${way} `)) ?? [];
      const ran = await elbProxy([...command.split(' ').slice(1), '--yes', '-o', 'json'], options);
      expect(ran.json()).toMatchObject({ outcome: 'applied' });
      expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
    }
  });

  it('reports what was done, and a refusal', async () => {
    await using service = await startService();
    const done = await elbProxyHere([...enable, '--yes', '-o', 'markdown'], service);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^### Applied: the PROXY protocol was enabled on `web`/);
    expect(done.stdout).toContain('✓ done');
    await expectSafe(done.stdout);
    const refused = await elbProxyHere(['disable', 'web', '--port', '8443', '-o', 'markdown'], service);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toMatch(/^### Refused for safety/);
    await expectSafe(refused.stdout);
  });

  it('shows a status, also of a region without load balancers', async () => {
    await using service = await startService('demo');
    const fleet = await elbProxyHere(['status', '-o', 'markdown'], service);
    expect(fleet.code).toBe(0);
    await expectSafe(fleet.stdout);
    expect(fleet.stdout).toMatch(
      /^### PROXY protocol: on for 1 of 4 instance ports and 1 of 2 target groups\n/,
    );
    expect(fleet.stdout.match(/^#### `/gm)).toHaveLength(3);
    const none = await elbProxyHere(['status', '-o', 'markdown', '--region', 'eu-west-1'], service);
    expect(none.stdout).toBe('### No Classic or Network Load Balancer was read in `eu-west-1`\n');
  });

  it('leaves stdout empty where there is nothing but an error', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['status', 'nope', '-o', 'markdown'], service);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('nope');
  });

  it.each([['schema', 'plan'], ['completion', 'bash'], ['iam-policy']])(
    'is refused where Markdown does not exist: %s',
    async (...argv) => {
      await using service = await startService();
      const ran = await elbProxyHere([...argv, '-o', 'markdown'], service);
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toContain('--output markdown: choose from text, json');
    },
  );
});

describe('--summary', () => {
  it('appends the Markdown to $GITHUB_STEP_SUMMARY, whatever goes to stdout', async () => {
    await using service = await startService();
    const file = join(await temporaryDirectory(), 'summary.md');
    await writeFile(file, 'before\n');
    const options = { endpoint: service.endpoint, env: { GITHUB_STEP_SUMMARY: file } };
    const dry = await elbProxyHere([...enable, '--dry-run', '--summary', '-o', 'json'], options);
    expect(dry.json()).toMatchObject({ action: 'enable' });
    await elbProxyHere([...enable, '--yes', '--summary'], options);
    const status = await elbProxyHere(['status', '--summary', 'web'], options);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('LISTENER') });
    const summary = await readFile(file, 'utf8');
    expect(summary).toMatch(
      /^before\n\n### Plan: [\s\S]*\n\n### Applied: [\s\S]*\n\n### PROXY protocol: on for 2 of 3/,
    );
    await expectSafe(summary);
  });

  it('never takes the next word for a file', async () => {
    await using service = await startService();
    const cwd = await temporaryDirectory();
    const ran = await elbProxy(['status', '--summary=page.md', 'web'], { endpoint: service.endpoint, cwd });
    expect(ran.code).toBe(0);
    expect(await readFile(join(cwd, 'page.md'), 'utf8')).toMatch(/^### PROXY protocol: on for 0 of 3/);
  });

  it("is a clear error where the variable is not set, or the file can't be written, before anything is done", async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const unset = await elbProxyHere([...enable, '--yes', '--summary'], relay);
    expect(unset.code).toBe(1);
    expect(unset.stderr).toMatch(/GITHUB_STEP_SUMMARY is not\s+set/);
    expect(unset.stderr).toContain('--summary=FILE');
    const directory = await temporaryDirectory();
    const wrong = await elbProxyHere([...enable, '--yes', `--summary=${directory}`], relay);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("can't be written");
    expect(relay.writes()).toEqual([]);
  });

  it('is a warning if it is full: the change is made and reported', async () => {
    await using service = await startService();
    const file = join(await temporaryDirectory(), 'summary.md');
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, 'x'.repeat(1024 * 1024 - 100));
    const ran = await elbProxyHere([...enable, '--yes', `--summary=${file}`], service);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('nothing was added to the summary');
    expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
  });

  it.runIf(existsSync('/dev/full'))(
    'is a warning if the disk is full when the change is done: the change is made and reported',
    async () => {
      await using service = await startService();
      const ran = await elbProxyHere([...enable, '--yes', '--summary=/dev/full', '-o', 'json'], service);
      expect(ran.code).toBe(0);
      expect(ran.json()).toMatchObject({ outcome: 'applied' });
      expect(ran.stderr).toMatch(
        /nothing was added to the summary \/dev\/full:\s+no space left on device \(ENOSPC\)/,
      );
      expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
    },
  );
});
