import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { history } from '../../src/app/history.js';
import type { JournaledStepState } from '../../src/core/knowledge.js';
import type { ClassicStep } from '../../src/core/step.js';
import { openJournal } from '../../src/journal/journal.js';
import type { Seed } from '../../src/local/index.js';
import { asIfMadeAt } from '../helpers/as-if-made-at.js';
import { byBudget } from '../helpers/budget.js';
import { classicChanges } from '../helpers/classic-changes.js';
import { bin, elbProxy, type Ran, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type Relay, startRelay, type Tamper } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

const proxy = 'ProxyProtocol-enabled';
/** Each port is the same calls again: two policies of others, one, none; then the other order of two, and another one. */
const ports = byBudget([8443, 9443, 9444], [8443, 9443, 9444, 9445, 9446]);
const foreign: Readonly<Record<number, readonly string[]>> = {
  8443: ['z-auth', 'b-auth'],
  9443: ['b-auth'],
  9444: [],
  9445: ['z-auth'],
  9446: ['b-auth', 'z-auth'],
};

/** The ports with policies of someone else's, but for one; with or without the PROXY policy behind them. */
function seed(enabled: boolean): Seed {
  const auth = (policyName: string) => ({
    policyName,
    policyTypeName: 'BackendServerAuthenticationPolicyType',
    attributes: { PublicKeyPolicyName: 'key' },
  });
  return {
    loadBalancers: [
      {
        name: 'web',
        listeners: ports.map((port, index) => ({
          protocol: 'TCP' as const,
          loadBalancerPort: 443 + index,
          instancePort: port,
        })),
        policies: [
          { policyName: 'key', policyTypeName: 'PublicKeyPolicyType', attributes: { PublicKey: 'MIIB' } },
          auth('z-auth'),
          auth('b-auth'),
          ...(enabled
            ? [
                {
                  policyName: proxy,
                  policyTypeName: 'ProxyProtocolPolicyType',
                  attributes: { ProxyProtocol: 'true' },
                },
              ]
            : []),
        ],
        backendPolicies: ports.map((port) => ({
          instancePort: port,
          policyNames: [...(foreign[port] ?? []), ...(enabled ? [proxy] : [])],
        })),
      },
    ],
  };
}

/** A service with these ports, its state in a directory beside the program's own. */
interface Stage extends AsyncDisposable {
  readonly service: Service;
  /** The one endpoint of all runs: a change is only known again where it was made. */
  readonly relay: Relay;
  /** What the relay does in this run. */
  readonly tampering: { now: Tamper };
  readonly stateDirectory: string;
  readonly stateFile: string;
}

async function stage(enabled: boolean, from?: Stage): Promise<Stage> {
  const directory = await temporaryDirectory();
  const stateFile = join(directory, 'service.json');
  const stateDirectory = join(directory, 'state');
  await mkdir(stateDirectory);
  if (from !== undefined) {
    await copyFile(from.stateFile, stateFile);
    await copyFile(join(from.stateDirectory, 'journal.jsonl'), join(stateDirectory, 'journal.jsonl'));
  }
  const service = await startService(seed(enabled), { stateFile });
  const tampering: Stage['tampering'] = { now: async () => 'pass' };
  const relay = await startRelay(service.endpoint, (call, headers) => tampering.now(call, headers));
  if (from !== undefined) await asIfMadeAt(stateDirectory, from.relay, relay);
  return {
    service,
    relay,
    tampering,
    stateDirectory,
    stateFile,
    [Symbol.asyncDispose]: async () => {
      await relay[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** Where a run is killed: at the nth of its calls, before that is carried out, or after it was and before its answer. */
interface Point {
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** Runs a command line; at the point, if one is given, it is killed, and nothing of it comes through from then on. */
async function run(
  argv: readonly string[],
  { service, relay, tampering, stateDirectory }: Stage,
  point?: Point,
): Promise<Ran & { calls: readonly string[] }> {
  const before = relay.calls.length;
  let child: ChildProcess | undefined;
  let dead = false;
  tampering.now = async ({ parameters }) => {
    if (dead) return 'cut-before';
    if (relay.calls.length - before !== point?.nth) return 'pass';
    dead = true;
    if (point.when === 'after') await fetch(service.endpoint, { method: 'POST', body: parameters });
    child?.kill('SIGKILL');
    return 'cut-before';
  };
  const onStart = (started: ChildProcess): void => {
    child = started;
  };
  const options = { endpoint: relay.endpoint, stateDirectory };
  // A process of its own is what can be killed.
  const ran = await (point ? elbProxy(argv, { ...options, onStart }) : elbProxyHere(argv, options));
  return { ...ran, calls: relay.calls.slice(before).map(({ action }) => action) };
}

async function changesOf({ stateDirectory }: Pick<Stage, 'stateDirectory'>) {
  const journal = openJournal({
    directory: stateDirectory,
    holder: { pid: process.pid, host: 'test' },
    look: () => ({ alive: false }),
  });
  return history(journal);
}

/** Whether a step is in effect now. */
async function inEffect(step: ClassicStep, { service }: Stage): Promise<boolean> {
  if (step.call === 'SetLoadBalancerPoliciesForBackendServer') {
    const list = await service.listOf(step.instancePort);
    const shown = JSON.stringify(list);
    expect([JSON.stringify(step.before), JSON.stringify(step.after)]).toContain(shown);
    return shown === JSON.stringify(step.after);
  }
  const present = (await service.policyNames()).includes(step.policyName);
  return present === (step.call === 'CreateLoadBalancerPolicy');
}

/** What the journal may say of a step that is in effect, and of one that is not. */
const truths: Readonly<Record<'there' | 'notThere', readonly JournaledStepState[]>> = {
  there: ['done', 'unknown'],
  notThere: ['not-run', 'none', 'unknown', 'rolled-back'],
};

/** Holds the newest change's records to what is really there. */
async function expectTruth(on: Stage): Promise<void> {
  const [newest] = (await changesOf(on)).changes;
  for (const [change, { steps }] of (newest === undefined ? [] : classicChanges(newest.plan)).entries()) {
    for (const [index, step] of steps.entries()) {
      const state = newest?.steps[change]?.[index] ?? 'not-run';
      expect(truths[(await inEffect(step, on)) ? 'there' : 'notThere']).toContain(state);
    }
  }
}

/** Somebody else's policies, each on its ports, in its order; the rest of each list is the PROXY policy at its end. */
async function expectForeignKept({ service }: Stage): Promise<void> {
  expect(await service.policyNames()).toEqual(expect.arrayContaining(['key', 'z-auth', 'b-auth']));
  for (const port of ports) {
    const list = await service.listOf(port);
    const kept = foreign[port] ?? [];
    expect([JSON.stringify(kept), JSON.stringify([...kept, proxy])]).toContain(JSON.stringify(list));
  }
}

async function expectAll(enabled: boolean, policyThere: boolean, { service }: Stage): Promise<void> {
  for (const port of ports)
    expect(await service.listOf(port)).toEqual([...(foreign[port] ?? []), ...(enabled ? [proxy] : [])]);
  expect((await service.policyNames()).includes(proxy)).toBe(policyThere);
}

const all = ports.join(',');

/** What is killed, from where, and how it looks when it has never been, and when it is done. */
const commands = {
  enable: {
    argv: ['enable', 'web', '--port', all, '--yes', '-o', 'json'],
    from: false,
    to: true,
  },
  disable: {
    argv: ['disable', 'web', '--port', all, '--delete-policy', '--yes', '-o', 'json'],
    from: true,
    to: false,
  },
  undo: { argv: ['undo', '--yes', '-o', 'json'], from: true, to: false },
} as const;
type Verb = keyof typeof commands;

/** One whole run of each, to know how many calls there are to be killed at; what `enable` left is what `undo` starts from. */
const wholeEnable = await stage(false);
const calls: Readonly<Record<Verb, readonly string[]>> = {
  enable: (await run(commands.enable.argv, wholeEnable)).calls,
  disable: await (async () => {
    await using whole = await stage(true);
    return (await run(commands.disable.argv, whole)).calls;
  })(),
  undo: await (async () => {
    await using whole = await stage(true, wholeEnable);
    return (await run(commands.undo.argv, whole)).calls;
  })(),
};

/** The calls of planning write nothing, in no order: one point is enough for all of them. */
const callsOfPlanning = 4;
/** Before each call, and after each that writes; what was read makes no difference to a run that is dead. */
const points = (['enable', 'disable', 'undo'] as const).flatMap((verb) =>
  calls[verb].flatMap((action, index): (Point & { readonly verb: Verb })[] => {
    const nth = index + 1;
    if (nth < callsOfPlanning) return [];
    const before = { verb, nth, when: 'before' } as const;
    return action.startsWith('Describe') ? [before] : [before, { ...before, when: 'after' }];
  }),
);

describe(`${points.length} kills at ${points.length} points`, () => {
  it('are before and after every call of every command', () => {
    expect(points.length).toBeGreaterThanOrEqual(byBudget(63, 87));
    for (const verb of ['enable', 'disable', 'undo'] as const)
      for (const when of ['before', 'after'] as const) {
        const killed = points.filter((point) => point.verb === verb && point.when === when);
        expect(killed.length).toBeGreaterThan(ports.length);
      }
  });

  it.concurrent.each(points.map((point, index) => ({ ...point, next: index % 4 < 2 ? 'rerun' : 'undo' })))(
    '$verb, $when call $nth: nothing is lost, the journal is true, and $next ends well',
    async ({ verb, nth, when, next }) => {
      const { argv, from, to } = commands[verb];
      await using on = await (verb === 'undo' ? stage(true, wholeEnable) : stage(from));
      const killed = await run(argv, on, { nth, when });
      expect(killed.signal).toBe('SIGKILL');
      await expectForeignKept(on);
      await expectTruth(on);

      const past = await changesOf(on);
      expect(past.warnings).toEqual([]);
      const [newest] = past.changes;
      const begun = newest !== undefined && newest.plan.action === verb;
      if (begun) expect(newest.outcome).toBe('open');

      // A change that wrote nothing has nothing to be undone.
      const back = next === 'undo' && begun;
      const ended = await run(back ? ['undo', newest.changeId, '--yes', '-o', 'json'] : argv, on);
      expect(ended.code).toBe(0);
      if (begun && !back && verb !== 'undo')
        expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain(`change ${newest.changeId} `);
      await expectForeignKept(on);
      await expectTruth(on);
      await expectAll(back ? from : to, back ? from : to, on);
      const after = await changesOf(on);
      const open = after.changes.filter(
        ({ outcome, undoneBy }) => outcome === 'open' && undoneBy === undefined,
      );
      // A rerun that had something left to do is a change of its own; one that had nothing closes the one that was cut off.
      const closed = back || ended.json().outcome === 'unchanged';
      expect(open.length).toBe(begun && !closed ? 1 : 0);
      expect((await run(['status', 'web'], on)).stderr).not.toContain('was cut off');
    },
  );
});

describe('a killed run with --lock', () => {
  it('leaves its lock, which says so, until unlock takes it off', async () => {
    await using on = await stage(false);
    const argv = [...commands.enable.argv, '--lock'];
    const killed = await run(argv, on, { nth: 10, when: 'after' });
    expect(killed.signal).toBe('SIGKILL');
    const refused = await run([...argv, '--lock-timeout', '200ms'], on);
    expect(refused.code).toBe(3);
    expect(refused.json().error).toMatchObject({
      code: 'locked',
      message: expect.stringContaining('which is no longer running'),
      hint: expect.stringContaining('elb-proxy unlock web --region us-east-1'),
    });
    expect((await run(['unlock', 'web', '--yes'], on)).code).toBe(0);
    expect((await run(argv, on)).json()).toMatchObject({ outcome: 'applied' });
    await expectAll(true, true, on);
    expect(await on.service.policyNames()).not.toContain('elb-proxy-lock');
  });
});

describe('a journal that was cut in the middle of its last line', () => {
  const journalOf = ({ stateDirectory }: Stage) => join(stateDirectory, 'journal.jsonl');
  // 9: the first write is journalled, and not yet sent; 10: its read-back.
  it.each([
    ['the beginning', 9, 'before', 1],
    ['an intention', 9, 'before', 2],
    ['an answer', 10, 'before', 3],
  ] as const)('within %s: what was in flight is still found, and undone', async (_what, nth, when, lines) => {
    await using on = await stage(false);
    const killed = await run(commands.enable.argv, on, { nth, when });
    expect(killed.signal).toBe('SIGKILL');
    const whole = (await readFile(journalOf(on), 'utf8')).trimEnd().split('\n');
    expect(whole.length).toBeGreaterThanOrEqual(lines);
    const last = whole[lines - 1] ?? '';
    const kept = whole.slice(0, lines - 1);
    await writeFile(journalOf(on), [...kept, last.slice(0, Math.floor(last.length / 2))].join('\n'));
    await expectTruth(on);
    const [found] = (await changesOf(on)).changes;
    expect(found?.outcome).toBe(lines === 1 ? undefined : 'open');

    if (found !== undefined) {
      const undone = await run(['undo', '--yes', '-o', 'json'], on);
      expect(undone.code).toBe(0);
      await expectAll(false, false, on);
    }
    const again = await run(commands.enable.argv, on);
    expect(again.json()).toMatchObject({ outcome: 'applied' });
    await expectAll(true, true, on);
    // The half line is left as it is, and nothing was glued to it.
    const { warnings, changes } = await changesOf(on);
    expect(warnings).toEqual([expect.stringContaining(`line ${lines} of `)]);
    expect(changes[0]?.outcome).toBe('applied');
  });
});

/** Runs the program where no file may grow beyond some KiB, as on a disk that runs full. */
async function runWithin(kibibytes: number, argv: readonly string[], on: Stage): Promise<Ran> {
  const child = spawn(
    'bash',
    ['-c', `ulimit -f ${kibibytes}; exec "$@"`, '-', process.execPath, bin, ...argv],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: on.relay.endpoint,
        ELB_PROXY_STATE_DIR: on.stateDirectory,
      },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr, json: () => JSON.parse(stdout) };
}

describe('a disk that is full', async () => {
  const limit = 64;
  const whole = (await readFile(join(wholeEnable.stateDirectory, 'journal.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => line.length + 1);
  await wholeEnable[Symbol.asyncDispose]();
  /** Bytes of the journal when half of the nth record is written. */
  const halfOf = (nth: number): number =>
    whole.slice(0, nth).reduce((sum, length) => sum + length, 0) + Math.floor((whole[nth] ?? 0) / 2);

  // One port after the other is the same again: the beginning, the policy, two ports, and the end.
  it.concurrent.each([0, 1, 2, 3, 4, 5, 6, whole.length - 1])(
    'lets nothing go out unrecorded in the middle of record %i; the report is true, and with room again undo restores',
    async (nth) => {
      await using on = await stage(false);
      await writeFile(join(on.stateDirectory, 'journal.jsonl'), '\n'.repeat(limit * 1024 - halfOf(nth)));
      const ran = await runWithin(limit, commands.enable.argv, on);
      await expectForeignKept(on);
      await expectTruth(on);
      const report = ran.json();
      if (nth < 2) {
        // The beginning and the first intention: refused before the first write.
        expect(ran.code).toBe(1);
        expect(report).toMatchObject({ outcome: 'unchanged', error: { code: 'journal' } });
        await expectAll(false, false, on);
      } else if (nth === whole.length - 1) {
        expect(report).toMatchObject({ outcome: 'applied' });
        expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain('the end of the run could not be recorded');
      } else if (nth < 4) {
        // The policy alone was made: it is attached to nothing, so what is left of it is harmless.
        expect(ran.code).toBe(1);
        expect(report).toMatchObject({ outcome: 'rolled-back', leftovers: [{ harmless: true }] });
      } else {
        expect(ran.code).toBe(5);
        expect(report).toMatchObject({ outcome: 'partial', error: { code: 'journal' } });
        expect(report.leftovers.length).toBeGreaterThan(0);
      }
      const { changes } = await changesOf(on);
      if (changes.length === 0) return;
      expect((await run(['undo', '--yes', '-o', 'json'], on)).code).toBe(0);
      await expectAll(false, false, on);
    },
  );

  it('stops a run from the start: nothing is written at all', async (context) => {
    await using on = await stage(false);
    await using _disk = mounted(on.stateDirectory, 'size=16k') ?? context.skip('needs to mount a small disk');
    await writeFile(join(on.stateDirectory, 'filler'), Buffer.alloc(16_384)).catch(() => undefined);
    const relay = await startRelay(on.service.endpoint);
    await using _relay = relay;
    const ran = await elbProxyHere(commands.enable.argv, { ...relay, stateDirectory: on.stateDirectory });
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'unchanged', error: { code: 'journal' } });
    expect(ran.json().reason).toContain('ENOSPC');
    expect(relay.writes()).toEqual([]);
  });
});

describe('a state directory that may only be read', () => {
  it('stops every change before its first write, and no run that finds nothing to do', async () => {
    await using on = await stage(false);
    await using _disk = mounted(on.stateDirectory, 'ro');
    if (_disk === undefined) await chmod(on.stateDirectory, 0o500);
    const relay = await startRelay(on.service.endpoint);
    await using _relay = relay;
    const options = { ...relay, stateDirectory: on.stateDirectory };
    for (const more of [[], ['--lock']]) {
      const ran = await elbProxyHere([...commands.enable.argv, ...more], options);
      expect(ran.code).toBe(1);
      expect(ran.json()).toMatchObject({
        outcome: 'unchanged',
        error: { code: 'journal', hint: expect.stringContaining('ELB_PROXY_STATE_DIR') },
      });
    }
    expect(relay.writes()).toEqual([]);
    const nothing = await elbProxyHere(['disable', 'web', '--port', all, '--yes', '-o', 'json'], options);
    expect(nothing.code).toBe(0);
    expect(nothing.json()).toMatchObject({ outcome: 'unchanged' });
    expect((await elbProxyHere(['status', 'web', '-o', 'json'], options)).code).toBe(0);
  });
});

/** A disk of its own at a directory; undefined where that is not allowed here. */
function mounted(directory: string, options: string): AsyncDisposable | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      execFileSync('umount', [directory]);
    },
  };
}
