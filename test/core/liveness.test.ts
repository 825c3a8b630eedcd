import { describe, expect, it } from 'vitest';
import { type Liveness, livenessOf, type ProcessSight } from '../../src/core/liveness.js';
import type { Holder } from '../../src/core/record.js';

const since = '2026-11-23T10:00:00.000Z';
const self: Holder = { pid: 42, host: 'here', machine: 'm', boot: 'b', space: 's', started: '500' };
const run: Holder = { ...self, pid: 7, started: '300' };
const alive: ProcessSight = { alive: true, started: '300', startedAt: Date.parse(since) - 60_000 };
const old: Holder = { pid: 7, host: 'here' };

describe('a run', () => {
  it.each<[string, Holder, ProcessSight, Liveness]>([
    ['whose process is there and has begun when it says', run, alive, 'running'],
    ['whose process is gone', run, { alive: false }, 'over'],
    ['whose number another process has now', run, { ...alive, started: '301' }, 'over'],
    ['of an earlier boot', { ...run, boot: 'a' }, alive, 'over'],
    ['of another host', { ...run, host: 'there' }, alive, 'unknown'],
    ['of another host whose process is not here', { ...run, host: 'there' }, { alive: false }, 'unknown'],
    ['of another machine of the same name', { ...run, machine: 'n' }, { alive: false }, 'unknown'],
    [
      'of another machine of the same name that rebooted',
      { ...run, machine: 'n', boot: 'a' },
      alive,
      'unknown',
    ],
    ['of another container', { ...run, space: 't' }, { alive: false }, 'unknown'],
    ['of a machine that does not say which, and another boot', { ...old, boot: 'a' }, alive, 'unknown'],
    ['of an older version, alive', old, alive, 'running'],
    ['of an older version, gone', old, { alive: false }, 'over'],
    [
      'of an older version, whose number belongs to a process that began later',
      old,
      { alive: true, started: '900', startedAt: Date.parse(since) + 5000 },
      'over',
    ],
    ['of a system that shows no more than that it is alive', old, { alive: true }, 'running'],
    ['of our own number, of an older version', { pid: 42, host: 'here' }, alive, 'over'],
    ['of our own number, and another process', { ...self, started: '1' }, alive, 'over'],
    ['of this very process, which may run several', self, alive, 'unknown'],
  ])('%s: %j seen as %j is %s', (_what, holder, sight, expected) => {
    expect(livenessOf(holder, since, self, () => sight)).toBe(expected);
  });

  it('a run of a number that is not ours is looked at by that number', () => {
    const asked: number[] = [];
    livenessOf(run, since, self, (pid) => {
      asked.push(pid);
      return alive;
    });
    expect(asked).toEqual([7]);
  });
});
