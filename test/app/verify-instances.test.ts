import { describe, expect, it } from 'vitest';
import type { CommandToSend, Invocation, ManagedInstance, RunCommand } from '../../src/app/run-command.js';
import {
  type InstanceProbing,
  type InstanceTarget,
  verifyInstances,
} from '../../src/app/verify-instances.js';
import type { BackendResult, Target } from '../../src/core/verify-result.js';
import { ElbProxyError } from '../../src/errors.js';

const idOf = (index: number) => `i-${String(index).padStart(17, '0')}`;
const targetOf = (index: number): InstanceTarget => ({
  target: { host: `10.0.${index >> 8}.${index & 255}`, port: 8443, instanceId: idOf(index) },
  address: `10.0.${index >> 8}.${index & 255}`,
});
const targets = (count: number) => Array.from({ length: count }, (_, index) => targetOf(index));

const result = (
  target: Target,
  verdict: BackendResult['verdict'],
  reason: string,
  advice = '',
): BackendResult => ({
  target: `${target.host}:${target.port}`,
  instanceId: target.instanceId,
  vantage: { kind: 'instance', instanceId: target.instanceId },
  verdict,
  confidence: 'strong',
  reason,
  advice,
  notes: [],
  evidence: [],
});

const probing: InstanceProbing = {
  run: () => ({ kind: 'document', name: 'elb-proxy-probe', hash: 'f'.repeat(64) }),
  parameters: { Port: '8443', Exchanges: 'N' },
  runFor: 100,
  judge: ({ target }, output) => result(target, output === 'ok' ? 'requires-proxy' : 'inconclusive', output),
  notAsked: (target, why, advice) => result(target, 'inconclusive', why, advice),
};

interface World {
  readonly known?: readonly ManagedInstance[];
  /** Of an instance, at a look (from 1). */
  readonly state?: (id: string, look: number) => Partial<Invocation> | undefined;
  readonly sendFails?: number;
  readonly lookFails?: number;
  readonly cancelFails?: boolean;
  readonly more?: (all: readonly Invocation[]) => readonly Invocation[];
}

/** Run Command by a script of the test, and a clock that only sleeping moves. */
function world({ known, state = () => ({ status: 'Success', output: 'ok' }), ...faults }: World = {}) {
  const [sent, cancelled, said]: [CommandToSend[], string[], string[]] = [[], [], []];
  const looks = new Map<string, number>();
  let now = 0;
  const controller = new AbortController();
  const api: RunCommand = {
    region: 'eu-west-1',
    describeInstances: async (ids) =>
      known ?? ids.map((instanceId) => ({ instanceId, ping: 'Online', platform: 'Linux' })),
    describeDocument: async () => undefined,
    documentText: async () => '',
    send: async (command) => {
      if (faults.sendFails === sent.length + 1)
        throw new ElbProxyError('no', { code: 'AccessDeniedException', fault: 'user' });
      sent.push(command);
      return `command-${sent.length}`;
    },
    invocations: async (id) => {
      const look = (looks.get(id) ?? 0) + 1;
      looks.set(id, look);
      if (faults.lookFails === look) throw new ElbProxyError('gone', { code: 'timeout', fault: 'service' });
      const all = (sent[Number(id.slice(8)) - 1]?.instanceIds ?? []).flatMap((instanceId) => {
        const one = state(instanceId, look);
        const status = one?.status ?? 'InProgress';
        return one === undefined ? [] : [{ instanceId, details: status, output: '', ...one, status }];
      });
      return faults.more?.(all) ?? all;
    },
    cancel: async (id) => {
      if (faults.cancelFails === true)
        throw new ElbProxyError('not now', { code: 'timeout', fault: 'service' });
      cancelled.push(id);
    },
  };
  const clock = {
    now: () => new Date(now),
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const run = (count: number) =>
    verifyInstances(targets(count), probing, {
      api,
      clock,
      signal: controller.signal,
      onCancelled: (what) => said.push(what),
    });
  return { run, sent, cancelled, said, controller, looks, elapsed: () => now };
}

describe('instances that probe themselves', () => {
  it('are asked fifty per command, each with its own addresses', async () => {
    const { run, sent } = world();
    const { results, notProbed } = await run(120);
    expect(sent.map(({ instanceIds }) => instanceIds.length)).toEqual([50, 50, 20]);
    expect(sent[1]?.parameters['Addresses']?.split(',')).toEqual(
      targets(120)
        .slice(50, 100)
        .map(({ address }) => address),
    );
    expect(sent.every(({ startWithin, runFor }) => startWithin === 60 && runFor === 100)).toBe(true);
    expect(results.map(({ instanceId }) => instanceId)).toEqual(
      targets(120).map(({ target }) => target.instanceId),
    );
    expect(results.every(({ verdict }) => verdict === 'requires-proxy')).toBe(true);
    expect(notProbed).toEqual([]);
  });

  it('are left out of the command, and named, where Systems Manager can’t reach them', async () => {
    const known = [
      { instanceId: idOf(0), ping: 'Online', platform: 'Linux' },
      { instanceId: idOf(1), ping: 'ConnectionLost', platform: 'Linux' },
      { instanceId: idOf(2), ping: 'Online', platform: 'Windows' },
      { instanceId: idOf(3), ping: 'Online' },
    ];
    const { run, sent } = world({ known });
    const { results } = await run(5);
    expect(sent.map(({ instanceIds }) => instanceIds)).toEqual([[idOf(0)]]);
    expect(results.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual([
      'requires-proxy: ok',
      "inconclusive: Systems Manager can't reach the instance's agent (ConnectionLost)",
      'inconclusive: the instance runs Windows, and the probe is a script for Linux',
      'inconclusive: Systems Manager does not say which platform the instance runs',
      'inconclusive: Systems Manager does not know the instance in eu-west-1',
    ]);
  });

  it('send no command if no instance can be asked', async () => {
    const { run, sent, looks } = world({ known: [] });
    expect((await run(3)).results).toHaveLength(3);
    expect([sent.length, looks.size]).toEqual([0, 0]);
  });

  it.each<readonly [details: string, status: string, reason: string]>([
    ['Delivery Timed Out', 'TimedOut', 'did not start on the instance within 60 s'],
    ['Execution Timed Out', 'TimedOut', 'took too long'],
    ['Undeliverable', 'Failed', 'could not be delivered'],
    ['Access Denied', 'Failed', 'may not send commands'],
    ['Failed', 'Failed', 'failed on the instance: sh: not found'],
    ['Cancelled', 'Cancelled', 'was cancelled'],
    ['Rate Exceeded', 'Failed', 'failed on the instance'],
  ])('give no verdict where the command ended as %s', async (details, status, reason) => {
    const output = details === 'Failed' ? 'sh: not found\nmore' : 'ok';
    const { run } = world({ state: () => ({ status, details, output }) });
    const [only] = (await run(1)).results;
    expect(only?.verdict).toBe('inconclusive');
    expect(only?.reason).toContain(reason);
  });

  it('are waited for with longer and longer pauses', async () => {
    const { run, looks, elapsed } = world({
      state: (_, look) => (look < 12 ? { status: 'InProgress' } : { status: 'Success', output: 'ok' }),
    });
    expect((await run(1)).results[0]?.verdict).toBe('requires-proxy');
    expect([looks.get('command-1'), elapsed() > 40_000]).toEqual([12, true]);
  });

  it('are not waited for longer than the command may take, and the command is then cancelled', async () => {
    const { run, elapsed } = world({
      state: (id) => (id === idOf(0) ? { status: 'InProgress' } : undefined),
    });
    const { results } = await run(2);
    expect(results.map(({ reason }) => reason)).toEqual([
      'the command is still InProgress, 190 s after it was sent',
      'the command never showed, 190 s after it was sent',
    ]);
    expect(elapsed()).toBeLessThan(200_000);
  });

  it('are not believed where the service answers twice for one, or for another', async () => {
    const more = (all: readonly Invocation[]): readonly Invocation[] => [
      ...all,
      { instanceId: idOf(0), status: 'Success', details: 'Success', output: 'ok' },
      { instanceId: idOf(9), status: 'Success', details: 'Success', output: 'ok' },
    ];
    const { results } = await world({ more }).run(2);
    expect(results.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'requires-proxy']);
  });
});

describe('an interruption', () => {
  it('cancels what is under way, says what may still run, and keeps what is known', async () => {
    const made = world({
      state: (id, look) => {
        if (look === 2) made.controller.abort();
        return id === idOf(0) ? { status: 'Success', output: 'ok' } : { status: 'InProgress' };
      },
    });
    const { results, notProbed } = await made.run(3);
    expect(results.map(({ instanceId }) => instanceId)).toEqual([idOf(0)]);
    expect(notProbed.map(({ instanceId }) => instanceId)).toEqual([idOf(1), idOf(2)]);
    expect(made.cancelled).toEqual(['command-1']);
    expect(made.said).toEqual([
      `command command-1 is cancelled; where it had begun, it may still run for up to 100 s: ${idOf(1)}, ${idOf(2)}`,
    ]);
  });

  it('says how to cancel where that failed', async () => {
    const made = world({
      cancelFails: true,
      state: () => {
        made.controller.abort();
        return undefined;
      },
    });
    await made.run(1);
    expect(made.said[0]).toContain('could not be cancelled (not now)');
    expect(made.said[0]).toContain('aws ssm cancel-command --region eu-west-1 --command-id command-1');
  });

  it('sends nothing more', async () => {
    const made = world();
    made.controller.abort();
    expect(await made.run(2)).toMatchObject({ results: [], notProbed: [{}, {}] });
    expect(made.sent).toEqual([]);
  });
});

describe('a call that fails', () => {
  it('cancels the commands before it', async () => {
    const made = world({ sendFails: 2, state: () => undefined });
    await expect(made.run(60)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(made.cancelled).toEqual(['command-1']);
  });

  it('cancels the command that can’t be looked at any more', async () => {
    const made = world({ lookFails: 2, state: () => undefined });
    await expect(made.run(1)).rejects.toMatchObject({ code: 'timeout' });
    expect(made.cancelled).toEqual(['command-1']);
    expect(made.said[0]).toContain('may still run');
  });
});
