import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { livenessOf } from '../../src/core/liveness.js';
import { holderOf, processSight, startedAtByPs } from '../../src/journal/processes.js';

const linux = existsSync('/proc/self/stat');
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const look = (pid: number) => processSight(pid, isAlive);

describe('a process of this machine', () => {
  it.runIf(linux)('is one of a boot, with its start', () => {
    const holder = holderOf(process.pid);
    expect(holder).toMatchObject({ pid: process.pid, boot: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(Number(holder.started)).toBeGreaterThan(0);
    expect(JSON.stringify(holder)).not.toContain('\\n');
  });

  it('runs as long as it lives, and is over once it was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log("up")']);
    await once(child.stdout, 'data');
    const holder = holderOf(child.pid ?? 0);
    const since = new Date().toISOString();
    const liveness = () => livenessOf(holder, since, holderOf(process.pid), look);
    expect(liveness()).toBe('running');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(liveness()).toBe('over');
  });

  it.runIf(linux)('reports when it began, within a second or two', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log("up")']);
    const before = Date.now();
    await once(child.stdout, 'data');
    const { startedAt = 0 } = look(child.pid ?? 0);
    expect(startedAt).toBeGreaterThan(before - 5000);
    expect(startedAt).toBeLessThan(Date.now() + 1000);
    child.kill('SIGKILL');
  });

  it('that is none is not alive', () => {
    expect(look(2 ** 22 + 1).alive).toBe(false);
  });

  it.runIf(existsSync('/bin/ps'))('is found by ps, too, on systems without files about it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log("up")']);
    await once(child.stdout, 'data');
    const byPs = startedAtByPs(child.pid ?? 0) ?? 0;
    expect(Math.abs(byPs - (look(child.pid ?? 0).startedAt ?? byPs))).toBeLessThan(3000);
    expect(startedAtByPs(2 ** 22 + 1)).toBeUndefined();
    child.kill('SIGKILL');
  });
});
