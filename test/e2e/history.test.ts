import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startGuarded } from '../helpers/guarded.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

async function onStage() {
  const service = await startService();
  const stateDirectory = await temporaryDirectory();
  return { ...service, stateDirectory, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

describe('history CHANGE', () => {
  it('shows one change whole: plan, calls with the request ids that the service gave, caller, endpoint', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const options = { ...relay, stateDirectory: await temporaryDirectory() };
    const applied = (
      await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], options)
    ).json();
    const id: string = applied.changeId;
    const shown = await elbProxyHere(['history', id, '-o', 'json'], options);
    expect(shown.code).toBe(0);
    const { change } = shown.json();
    expect(change).toMatchObject({
      changeId: id,
      action: 'enable',
      outcome: 'applied',
      endpoint: relay.endpoint,
      digest: expect.stringMatching(/^sha256:/) as string,
      endedAt: expect.any(String) as string,
    });
    const steps = change.changes[0].steps;
    expect(steps.map((step: { call: string }) => step.call)).toEqual([
      'CreateLoadBalancerPolicy',
      'SetLoadBalancerPoliciesForBackendServer',
    ]);
    for (const [index, step] of steps.entries())
      expect(step).toMatchObject({
        outcome: 'done',
        calls: [
          { direction: 'forward', effect: 'done', requestId: applied.changes[0].steps[index].requestId },
        ],
      });
    const text = await elbProxyHere(['history', id], options);
    expect(text.stdout).toContain(`Change ${id}: enable, applied`);
    expect(text.stdout).toContain(`endpoint ${relay.endpoint}`);
    expect(text.stdout).toContain(applied.changes[0].steps[0].requestId);
    expect(text.stdout).toContain(`elb-proxy undo ${id}`);
    const markdown = await elbProxyHere(['history', id, '-o', 'markdown'], options);
    expect(markdown.stdout).toMatch(new RegExp(`^### Change \`${id}\`: enable, applied\n`));
  });

  it('shows what the guard saw and why it was taken back, from the journal', async () => {
    await using stage = await startGuarded('plain');
    await stage.inService(1);
    const options = { ...stage.service, stateDirectory: await temporaryDirectory() };
    const ran = await elbProxyHere(
      [
        'enable',
        'web',
        '--port',
        `${stage.port}`,
        '--guard',
        'http:/',
        '--guard-window',
        '1s',
        '--guard-hold',
        '500ms',
        '--yes',
        '-o',
        'json',
      ],
      options,
    );
    expect(ran.code).toBe(4);
    const report = ran.json();
    const { change } = (await elbProxyHere(['history', report.changeId, '-o', 'json'], options)).json();
    expect(change).toMatchObject({
      outcome: 'rolled-back',
      error: { code: report.error.code, message: report.error.message },
      guard: { probes: ['http:/'] },
    });
    const phases = (checks: readonly { phase: string; passed: boolean }[]) => [
      ...new Set(checks.map(({ phase, passed }) => `${phase} ${passed}`)),
    ];
    expect(phases(change.guard.checks)).toEqual(phases(report.guard.checks));
    const times = change.guard.checks.reduce((sum: number, one: { times: number }) => sum + one.times, 0);
    expect(times).toBe(report.guard.checks.length);
    const text = await elbProxyHere(['history', report.changeId], options);
    expect(text.stdout).toMatch(/Guard http:\/\n {2}✓ before: HTTP 200/);
    expect(text.stdout).toContain('✗ after: ');
    expect(text.stdout).not.toContain('Take it back with');
  });

  it('refuses an id that is not there, names the near ones, and exits 1', async () => {
    await using stage = await onStage();
    const { changeId: id } = (
      await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], stage)
    ).json();
    const near = [`${id.slice(0, -1)}z`, id.slice(0, 10), id.slice(-6), id.toUpperCase()];
    // An id without letters is the same in capitals.
    for (const typed of near.filter((one) => one !== id)) {
      const wrong = await elbProxyHere(['history', typed], stage);
      expect(wrong.code).toBe(1);
      expect(wrong.stderr.replaceAll(/\s+/g, ' ')).toContain(`no change ${typed} is in this user's journal`);
      expect(wrong.stderr).toContain(`did you mean ${id}?`);
    }
    const far = await elbProxyHere(['history', 'yesterday', '-o', 'json'], stage);
    expect(far.json().error).toMatchObject({ hint: 'see the changes with: elb-proxy history' });
    const undo = await elbProxyHere(['undo', id.slice(0, 10), '--yes'], stage);
    expect(undo.code).toBe(1);
    expect(undo.stderr).toContain(`did you mean ${id}?`);
    for (const extra of [['--all'], ['--limit', '3']])
      expect((await elbProxyHere(['history', id, ...extra], stage)).code).toBe(1);
  });

  it('shows what the journal of an older version has', async () => {
    await using stage = await onStage();
    const { changeId: id } = (
      await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], stage)
    ).json();
    const { change } = (await elbProxyHere(['history', id, '-o', 'json'], stage)).json();
    expect(change.guard).toBeUndefined();
    expect(change.error).toBeUndefined();
  });

  it('names a change whose record is damaged as such', async () => {
    await using stage = await onStage();
    const { changeId: id } = (
      await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], stage)
    ).json();
    const journal = join(stage.stateDirectory, 'journal.jsonl');
    const [first = '', ...rest] = (await readFile(journal, 'utf8')).split('\n');
    await writeFile(journal, [first.replace('"plan":{', '"plan":7,"x":{'), ...rest].join('\n'));
    await appendFile(journal, '');
    const ran = await elbProxyHere(['history', id], stage);
    expect(ran.code).toBe(1);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`does not hold enough of it: line 1 of \\S+, of change ${id}`),
    );
  });
});

describe('a directory without changes', () => {
  it.each(['/proc/nosuch', join('no', 'such')])(
    'is named, with its whole path: %s',
    async (stateDirectory) => {
      for (const output of ['text', 'markdown']) {
        const ran = await elbProxyHere(['history', '-o', output], { stateDirectory });
        expect([ran.code, ran.stderr]).toEqual([0, '']);
        expect(ran.stdout).toContain('No change was made by this user on this machine');
        const said = ran.stdout.replaceAll(/\s+/g, ' ').replaceAll('`', '');
        expect(said.toLowerCase()).toContain(`there is none in ${resolve(stateDirectory)}.`.toLowerCase());
      }
    },
  );

  it("is said to need reading, not writing, where its journal can't be read", async () => {
    const stateDirectory = await temporaryDirectory();
    await mkdir(join(stateDirectory, 'journal.jsonl'));
    const ran = await elbProxyHere(['history', '-o', 'json'], { stateDirectory });
    expect(ran.code).toBe(1);
    const { message, hint } = ran.json().error;
    expect(message).toContain(`the journal ${join(stateDirectory, 'journal.jsonl')} can't be read`);
    expect(hint).toContain('readable');
    expect(hint).not.toContain('writable');
  });
});

describe('history --limit', () => {
  it('shows the newest N, says that older ones are there, and refuses what is not a number', async () => {
    await using stage = await onStage();
    const ids: string[] = [];
    for (const verb of ['enable', 'disable', 'enable'])
      ids.unshift(
        (await elbProxyHere([verb, 'web', '--port', '8443', '--yes', '-o', 'json'], stage)).json().changeId,
      );
    const limited = (await elbProxyHere(['history', '--limit', '2', '-o', 'json'], stage)).json();
    expect(limited.changes.map(({ changeId }: { changeId: string }) => changeId)).toEqual(ids.slice(0, 2));
    expect(limited.older).toBe(true);
    const whole = (await elbProxyHere(['history', '--limit', '500', '-o', 'json'], stage)).json();
    expect(whole.changes).toHaveLength(3);
    expect(whole.older).toBe(false);
    const markdown = await elbProxyHere(['history', '--limit', '1', '-o', 'markdown'], stage);
    expect(markdown.stdout).toMatch(/^### 1 change made from this machine\n/);
    for (const wrong of ['0', '-1', 'x', '1.5', '']) {
      const ran = await elbProxyHere(['history', `--limit=${wrong}`], stage);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain('--limit');
    }
    expect((await elbProxyHere(['history', '--all', '--limit', '2'], stage)).code).toBe(1);
  });
});
