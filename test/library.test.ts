import { mkdtemp, readFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AppEvent,
  applyPlan,
  changeToUndo,
  history,
  makeNetworkPlan,
  makePlan,
  makeUndoPlan,
  openElasticLoadBalancing,
  openJournal,
  openMachineLocks,
  openNetworkLoadBalancing,
  takeLocks,
} from '../src/index.js';
import { startNetworkService } from './helpers/network-service.js';
import { startService } from './helpers/service.js';

const temporary = () => mkdtemp(join(tmpdir(), 'elb-proxy-library-'));
const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

async function open(endpointUrl: string, region = 'us-east-1') {
  return openElasticLoadBalancing({ region, endpointUrl, env });
}

describe('the library, with nothing but an API and a journal', () => {
  it('plans, applies and undoes, and its history is that of the commands', async () => {
    await using service = await startService();
    const directory = await temporary();
    const journal = openJournal({ directory });
    const api = await open(service.endpoint);
    const plan = await makePlan({ action: 'enable', names: ['web'], ports: [8443] }, { api });
    expect(plan.tool).toMatch(/^elb-proxy \d/);
    const report = await applyPlan(plan, {}, { api, journal });
    expect(report.outcome).toBe('applied');
    expect(report.changeId).toMatch(/^\d{8}-\d{6}-[0-9a-f]{6}$/);
    const past = await history(journal);
    expect(past.changes[0]?.holder).toMatchObject({ pid: process.pid, host: hostname() });
    const undo = await makeUndoPlan(changeToUndo(past, undefined), { api });
    expect((await applyPlan(undo, {}, { api, journal })).outcome).toBe('applied');
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect(
      (await readFile(join(directory, 'journal.jsonl'), 'utf8')).trim().split('\n').length,
    ).toBeGreaterThan(4);
  });

  it('does the same to target groups of a Network Load Balancer', async () => {
    await using service = await startNetworkService();
    const journal = openJournal({ directory: await temporary() });
    const networkApi = await openNetworkLoadBalancing({
      region: 'us-east-1',
      endpointUrl: service.endpoint,
      env,
    });
    const plan = await makeNetworkPlan(
      { action: 'enable', names: ['edge'], groups: { targetGroups: ['blue'] } },
      { api: networkApi },
    );
    expect((await applyPlan(plan, {}, { networkApi, journal })).outcome).toBe('applied');
    expect(await service.valueOf('blue')).toBe('true');
    const undo = await makeUndoPlan(changeToUndo(await history(journal), undefined), { networkApi });
    expect((await applyPlan(undo, {}, { networkApi, journal })).outcome).toBe('applied');
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('knows a run of its own process that has not ended from one that was cut off', async () => {
    const journal = openJournal({ directory: await temporary() });
    const { holder } = journal;
    expect(holder.pid).toBe(process.pid);
    const now = new Date().toISOString();
    // A library may have several runs at once: two of the same process can't be told apart.
    expect(journal.liveness(holder, now)).not.toBe('over');
    expect(journal.liveness({ ...holder, pid: 2 ** 22 + 1, started: '1' }, now)).toBe('over');
  });

  it('never takes the API of one region for another', async () => {
    await using service = await startService();
    const api = await open(service.endpoint);
    const plan = await makePlan({ action: 'enable', names: ['web'], ports: [8443] }, { api });
    const journal = openJournal({ directory: await temporary() });
    const elsewhere = await open(service.endpoint, 'eu-west-1');
    const report = await applyPlan(plan, {}, { api: elsewhere, journal });
    expect(report).toMatchObject({ outcome: 'unchanged', changeId: null });
    expect(report.reason).toContain('the API of eu-west-1 was given, and us-east-1 is needed');
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it('takes turns with other runs by the locks of this machine', async () => {
    const directory = await temporary();
    const journal = openJournal({ directory });
    const target = { name: 'web', region: 'us-east-1' };
    const first = await takeLocks([openMachineLocks({ directory }).lock(target)], { journal });
    const events: AppEvent[] = [];
    const second = takeLocks([openMachineLocks({ directory }).lock(target)], {
      journal,
      timeoutMs: 1500,
      emit: (event) => events.push(event),
    });
    await expect(second).rejects.toMatchObject({ code: 'locked' });
    expect(events).toMatchObject([
      { code: 'warning', message: expect.stringContaining('waiting for') as string },
    ]);
    await first.release();
    const third = await takeLocks([openMachineLocks({ directory }).lock(target)], {
      journal,
      timeoutMs: 5000,
    });
    await third.release();
  });
});
