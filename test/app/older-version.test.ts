import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { history } from '../../src/app/history.js';
import { changeToUndo, makeUndoPlan } from '../../src/app/undo.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { openJournal } from '../../src/journal/journal.js';
import { readPlanFile } from '../../src/plan-file/plan-file.js';
import { auth, lists, proxy } from '../core/builders.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { type FakeLoadBalancing, fakeLoadBalancing } from './fake-load-balancing.js';
import { carriedOut, dependenciesOf } from './run.js';

// What version 0.1.0 wrote when it knew Classic load balancers only: no plan and no step said of which kind it is.

const written = new URL('../plan-file/version-0.1.0/', import.meta.url);

/** The load balancer that they are about, as it was then. */
const web = (found: Partial<LoadBalancer> = {}): LoadBalancer => ({
  name: 'web',
  region: 'us-east-1',
  accountId: '123456789012',
  dnsName: '127.0.1.1',
  createdTime: '2026-11-29T11:43:38.503Z',
  listeners: [
    { protocol: 'TCP', loadBalancerPort: 443, instanceProtocol: 'TCP', instancePort: 8443, policyNames: [] },
    { protocol: 'SSL', loadBalancerPort: 8443, instanceProtocol: 'TCP', instancePort: 9000, policyNames: [] },
  ],
  backendServers: lists({ 8443: ['z-auth', 'b-auth'] }),
  healthCheck: { target: 'TCP:8443' },
  policies: [auth('z-auth'), auth('b-auth')],
  instanceStates: [],
  tags: [],
  ...found,
});

/** A service with that load balancer, at the endpoint where they were made. */
function fakeThere(found: Partial<LoadBalancer> = {}): FakeLoadBalancing {
  const fake = fakeLoadBalancing(web(found));
  return { ...fake, api: { ...fake.api, endpoint: 'http://127.0.0.1:4580' } };
}

describe('what an older version wrote', () => {
  it('a plan file of an older version is read, and carried out', async () => {
    const plan = await readPlanFile(new URL('plan.json', written).pathname);
    const fake = fakeThere();
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'applied' });
    expect(outcomes).toEqual([['done', 'done', 'done']]);
    expect(fake.list(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect(fake.list(9000)).toEqual(['ProxyProtocol-enabled']);
  });

  it('a plan file of an older version is refused once the load balancer has moved', async () => {
    const plan = await readPlanFile(new URL('plan.json', written).pathname);
    const fake = fakeThere({ backendServers: lists({ 8443: ['z-auth'] }) });
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(fake.writes()).toEqual([]);
  });

  it.each([
    ['applied', 6, 'applied'],
    ['cut off after its last call', 5, 'open'],
    ['cut off before the answer of its last call', 4, 'open'],
  ])(
    'an older version’s journal of a change that was %s is read, and the change undone',
    async (_how, lines, outcome) => {
      const directory = join(await temporaryDirectory(), 'state');
      await mkdir(directory, { mode: 0o700 });
      const all = await readFile(new URL('journal.jsonl', written), 'utf8');
      await writeFile(join(directory, 'journal.jsonl'), `${all.split('\n').slice(0, lines).join('\n')}\n`);
      const fake = fakeThere({
        backendServers: lists({ 8443: ['z-auth', 'b-auth'], 9000: ['ProxyProtocol-enabled'] }),
        policies: [auth('z-auth'), auth('b-auth'), proxy('ProxyProtocol-enabled')],
      });
      const dependencies = dependenciesOf(fake);
      const past = await history(
        openJournal({ directory, holder: { pid: 1, host: 'here' }, look: () => ({ alive: false }) }),
      );
      expect(past).toMatchObject({ warnings: [], changes: [{ outcome, plan: { action: 'enable' } }] });
      const undo = await makeUndoPlan(changeToUndo(past, past.changes[0]?.changeId), dependencies);
      const { report } = await carriedOut(fake, undo);
      expect(report).toMatchObject({ outcome: 'applied' });
      expect(fake.list(9000)).toEqual([]);
      expect(fake.list(8443)).toEqual(['z-auth', 'b-auth']);
      expect(fake.policyNames()).toEqual(['z-auth', 'b-auth']);
    },
  );
});
