import { describe, expect, it } from 'vitest';
import { makeUndoPlan } from '../../../src/app/undo.js';
import type { NetworkChange } from '../../../src/core/network/network-change.js';
import type { TargetGroup } from '../../../src/core/network-load-balancer.js';
import type { Plan } from '../../../src/core/plan.js';
import { attributes, edge, group, groupArn, networkArn, networkListener } from '../edge.js';
import type { Verdict } from '../fake-load-balancing.js';
import { type FakeNetwork, fakeNetwork, type NetworkCall } from '../fake-network.js';
import { fakeGuard } from '../guards.js';
import { carriedOut, dependenciesOf, fakeJournal, networkPlanned } from '../run.js';

/** A script: what becomes of the nth call of an action. */
const script =
  (verdicts: Readonly<Record<string, Verdict>>) =>
  ({ action, nth }: NetworkCall): Verdict =>
    verdicts[`${action} ${nth}`] ?? 'pass';

const two = () =>
  edge({
    listeners: [networkListener(['blue']), networkListener(['green'], { port: 8443 })],
    targetGroups: [group(), group({ name: 'green' })],
  });

/** A plan whose one change someone has edited. */
const edited = (plan: Plan, edit: (change: NetworkChange) => unknown): Plan => ({
  ...plan,
  changes: plan.changes.map((change) => edit(change as NetworkChange)) as never,
});

describe('a target group is switched', () => {
  it('a target group is switched by one call, after checking that it may begin, with the attribute read right before it and read back', async () => {
    const fake = fakeNetwork([edge()]);
    const { report, outcomes } = await carriedOut(fake, await networkPlanned(fake));
    expect(report).toMatchObject({ outcome: 'applied', changes: [{ targetGroup: { name: 'blue' } }] });
    expect(outcomes).toEqual([['done']]);
    expect(fake.value()).toBe('true');
    const look = ['groups blue', 'listeners edge', 'attributes blue'];
    expect(fake.log).toEqual([
      ...look,
      'journal begin',
      'journal write blue',
      ...look,
      'modify blue true',
      'journal written done',
      ...look,
      'journal end applied',
    ]);
  });

  it('a target group whose default the service does not list is switched like one that is false', async () => {
    const fake = fakeNetwork([edge({ targetGroups: [group({ attributes: attributes(null) })] })]);
    const plan = await networkPlanned(fake);
    expect(plan.changes).toMatchObject([{ steps: [{ before: null, after: 'true' }] }]);
    expect((await carriedOut(fake, plan)).report.outcome).toBe('applied');
    expect(fake.value()).toBe('true');
  });

  it('a target group is not written where the goal holds, in any letter case', async () => {
    const fake = fakeNetwork([edge({ targetGroups: [group({ attributes: attributes('True') })] })]);
    const plan = await networkPlanned(fake);
    expect(plan).toMatchObject({ pending: false, changes: [{ steps: [] }] });
    expect((await carriedOut(fake, plan)).report).toMatchObject({ outcome: 'unchanged', changeId: null });
    expect(fake.writes()).toEqual([]);
  });

  it('together with another of its load balancer, and both are checked again at the end', async () => {
    const fake = fakeNetwork([two()]);
    const plan = await networkPlanned(fake, { groups: 'all' });
    expect((await carriedOut(fake, plan)).outcomes).toEqual([['done'], ['done']]);
    expect(fake.log.slice(-7)).toEqual([
      'groups blue',
      'listeners edge',
      'attributes blue',
      'groups green',
      'listeners edge',
      'attributes green',
      'journal end applied',
    ]);
  });
});

describe('a plan is refused, and nothing is written', () => {
  it.each<readonly [what: string, move: (fake: FakeNetwork) => void, words: string]>([
    [
      'the attribute was switched by someone else',
      (fake) => fake.setBack('true'),
      'proxy_protocol_v2.enabled of target group blue was false, is true',
    ],
    [
      'the attribute says something else than true or false',
      (fake) => fake.setBack('yes'),
      'was false, is yes',
    ],
    ['the group is gone', (fake) => fake.foreign(() => undefined), 'is none of that ARN'],
    [
      'the group was made again under its name',
      (fake) => fake.foreign((found) => ({ ...found, arn: groupArn('blue', 'fedcba9876543210') })),
      'is none of that ARN',
    ],
    [
      'the group has moved to another load balancer',
      (fake) => fake.foreign((found) => ({ ...found, loadBalancerArns: [networkArn('other')] })),
      'load balancer of target group blue was',
    ],
    [
      'the group is on two load balancers',
      (fake) =>
        fake.foreign((found) => ({
          ...found,
          loadBalancerArns: [networkArn('edge'), networkArn('other')],
        })),
      'load balancer of target group blue was',
    ],
    [
      'the group has left its load balancer',
      (fake) => fake.foreign((found) => ({ ...found, loadBalancerArns: [] })),
      'is none',
    ],
    [
      'its protocol is another',
      (fake) => fake.foreign((found) => ({ ...found, protocol: 'TLS' })),
      'protocol of target group blue was TCP, is TLS',
    ],
    [
      'its port is another',
      (fake) => fake.foreign((found) => ({ ...found, port: 9000 })),
      'port of target group blue was 8443, is 9000',
    ],
    [
      'another listener forwards to it',
      (fake) => fake.relisten([networkListener(['blue']), networkListener(['blue'], { port: 80 })]),
      'the listeners that forward to target group blue was TCP 443, is TCP 443, TCP 80',
    ],
  ])('a plan is refused, and nothing is written if %s', async (_what, move, words) => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    move(fake);
    const { report, journal } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(report.reason).toContain(words);
    expect(fake.writes()).toEqual([]);
    expect(journal.records).toEqual([]);
  });

  it('a plan goes on if a default that was not listed is now listed as false: it means the same', async () => {
    const fake = fakeNetwork([edge({ targetGroups: [group({ attributes: attributes(null) })] })]);
    const plan = await networkPlanned(fake);
    fake.setBack('false');
    expect((await carriedOut(fake, plan)).report.outcome).toBe('applied');
  });

  it.each<readonly [what: string, edit: (change: NetworkChange) => unknown, words: string]>([
    [
      'sets another attribute',
      (change) => ({ ...change, steps: [{ ...change.steps[0], key: 'stickiness.enabled' }] }),
      'set stickiness.enabled',
    ],
    [
      'sets another group',
      (change) => ({ ...change, steps: [{ ...change.steps[0], targetGroupArn: groupArn('green') }] }),
      'change the attributes of',
    ],
    [
      'does the opposite of what it calls itself',
      (change) => ({
        ...change,
        steps: [{ ...change.steps[0], before: 'false', after: 'false' }],
      }),
      'the plan says enable, but would set proxy_protocol_v2.enabled of target group blue to false',
    ],
  ])('a plan is refused, and nothing is written if an edited plan %s', async (_what, edit, words) => {
    const fake = fakeNetwork([two()]);
    const hostile = edited(await networkPlanned(fake), edit);
    const { report } = await carriedOut(fake, hostile);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'plan-out-of-scope' } });
    expect(report.reason).toContain(words);
    expect(fake.writes()).toEqual([]);
  });

  it('a plan is refused, and nothing is written if a blocker came up since, unless it is overruled', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    fake.foreign((found) => ({ ...found, healthCheck: { ...found.healthCheck, port: '10254' } }));
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'blocked' } });
    expect(report.reason).toContain('plain-health-port');
    expect((await carriedOut(fake, plan, { forced: ['plain-health-port'] })).report.outcome).toBe('applied');
  });

  it('a plan is refused, and nothing is written if the service leaves out what the write is based on', async () => {
    for (const view of ['without-load-balancers', 'without-attributes'] as const) {
      const fake = fakeNetwork([edge()]);
      const plan = await networkPlanned(fake);
      fake.onRead = () => view;
      const { report } = await carriedOut(fake, plan);
      expect(report).toMatchObject({ outcome: 'unchanged', error: { code: 'incomplete-answer' } });
      expect(fake.writes()).toEqual([]);
    }
  });

  it('a plan is refused, and nothing is written if no API for Network Load Balancers is given', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    const { applyPlan } = await import('../../../src/app/apply-plan.js');
    const report = await applyPlan(plan, {}, { ...dependenciesOf(fake), networkApi: undefined });
    expect(report).toMatchObject({ outcome: 'unchanged', error: { code: 'no-network-api' } });
  });
});

describe('a load balancer of the same ARN at an endpoint that is not AWS’s', () => {
  const later = '2027-01-01T00:00:00.000Z';
  /** What was made at one service, and another one of the same seed. */
  const atTwo = async (createdTime: string | undefined, endpoint?: string) => {
    const plan = await networkPlanned(fakeNetwork([edge()]));
    const there = fakeNetwork([edge({ createdTime })]);
    const fake = { ...there, api: { ...there.api, endpoint } };
    return { plan, fake };
  };
  const clone = 'http://127.0.0.1:4580';

  it('is another one where it was created at another time: nothing is written to it', async () => {
    const { plan, fake } = await atTwo(later, clone);
    const { report, journal } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(report.reason).toContain(`creation time was 2026-11-23T10:00:00.000Z, is ${later}`);
    expect(fake.writes()).toEqual([]);
    expect(journal.records).toEqual([]);
  });

  it.each([
    ['the service does not give the time', undefined, clone],
    ['the time is the same', '2026-11-23T10:00:00.000Z', clone],
    // AWS never gives an ARN twice: there is nothing to ask for.
    ['AWS is asked', later, undefined],
  ])('goes on where %s', async (_what, createdTime, endpoint) => {
    const { plan, fake } = await atTwo(createdTime, endpoint);
    expect((await carriedOut(fake, plan)).report.outcome).toBe('applied');
    expect(fake.log.includes('load-balancers edge')).toBe(endpoint !== undefined);
  });

  it('goes on where the plan does not have the time', async () => {
    const { plan, fake } = await atTwo(later, clone);
    const older = edited(plan, (change) => ({
      ...change,
      loadBalancer: { ...change.loadBalancer, createdTime: undefined },
    }));
    expect((await carriedOut(fake, older)).report.outcome).toBe('applied');
  });

  it('is not asked for once more by the run that has just read it', async () => {
    const { plan, fake } = await atTwo('2026-11-23T10:00:00.000Z', clone);
    await carriedOut(fake, plan, { justMade: true });
    expect(fake.log).not.toContain('load-balancers edge');
  });

  it('is not undone, either; without the time in the journal it is', async () => {
    const { plan, fake } = await atTwo(later, clone);
    const here = fakeNetwork([edge()]);
    const journal = fakeJournal();
    const [entry] = (await carriedOut(here, plan, { journal })).history.changes;
    if (entry === undefined) throw new Error('no change');
    fake.setBack('true');
    await expect(makeUndoPlan(entry, dependenciesOf(fake))).rejects.toMatchObject({
      code: 'stale-plan',
      message: expect.stringContaining(`creation time was 2026-11-23T10:00:00.000Z, is ${later}`),
    });
    const ageless = {
      ...entry,
      plan: edited(entry.plan, (change) => ({
        ...change,
        loadBalancer: { ...change.loadBalancer, createdTime: undefined },
      })),
    };
    expect(await makeUndoPlan(ageless, dependenciesOf(fake))).toMatchObject({ pending: true });
  });
});

describe('an answer that is lost', () => {
  it('after it took effect is found out by reading', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    fake.onCall = script({ 'modify 1': 'lost-after' });
    expect((await carriedOut(fake, plan)).outcomes).toEqual([['done']]);
    expect(fake.writes()).toHaveLength(1);
  });

  it('before it took effect is sent again, on a fresh read', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    fake.onCall = script({ 'modify 1': 'lost-before' });
    expect((await carriedOut(fake, plan)).outcomes).toEqual([['done']]);
    expect(fake.writes()).toHaveLength(2);
  });

  it('a lost answer, and reads that show the old value until the end, leave a write that may be in effect', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    fake.onCall = script({ 'modify 1': 'lost-after' });
    fake.onRead = () => (fake.writes().length > 0 ? 1000 : 0);
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(outcomes).toEqual([['unknown']]);
    expect(report).toMatchObject({
      outcome: 'partial',
      leftovers: [
        {
          message: expect.stringContaining(
            'target group blue may still have proxy_protocol_v2.enabled=true, which this run wrote, instead of false',
          ),
          command: expect.stringContaining('elb-proxy undo change-'),
        },
      ],
    });
  });

  it('a write that is refused for its rate is tried again', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    fake.onCall = script({ 'modify 1': 'throttled', 'modify 2': 'throttled' });
    expect((await carriedOut(fake, plan)).outcomes).toEqual([['done']]);
  });
});

describe('a failure half-way', () => {
  it('puts back the groups of the same load balancer that were switched before it', async () => {
    const fake = fakeNetwork([two()]);
    const plan = await networkPlanned(fake, { groups: 'all' });
    fake.onCall = script({ 'modify 2': { error: 'AccessDenied' } });
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'AccessDenied' } });
    expect(outcomes).toEqual([['rolled-back'], ['failed']]);
    expect(fake.writes()).toEqual(['modify blue true', 'modify green true', 'modify blue false']);
  });

  it('leaves other load balancers that were completed, unless all or nothing is wanted', async () => {
    const other = (): Parameters<typeof edge>[0] => ({
      name: 'other',
      listeners: [networkListener(['red'])],
      targetGroups: [group({ name: 'red', loadBalancerArns: [networkArn('other')] })],
    });
    for (const atomic of [false, true]) {
      const fake = fakeNetwork([edge(), edge(other())]);
      const plan = await networkPlanned(fake, { names: ['edge', 'other'], groups: 'all' });
      fake.onCall = script({ 'modify 2': { error: 'AccessDenied' } });
      const { report } = await carriedOut(fake, plan, { atomic });
      expect(report.outcome).toBe(atomic ? 'rolled-back' : 'partial');
      expect(fake.value()).toBe(atomic ? 'false' : 'true');
    }
  });

  it('writes the default where the attribute was not listed before', async () => {
    const blue = group({ attributes: attributes(null) });
    const fake = fakeNetwork([edge({ ...two(), targetGroups: [blue, group({ name: 'green' })] })]);
    const plan = await networkPlanned(fake, { groups: 'all' });
    fake.onCall = script({ 'modify 2': { error: 'AccessDenied' } });
    expect((await carriedOut(fake, plan)).report.outcome).toBe('rolled-back');
    expect(fake.value()).toBe('false');
  });

  it('is not believed to be put back by a read alone, which may be from before the change', async () => {
    for (const lost of [1, 10]) {
      const fake = fakeNetwork([two()]);
      const plan = await networkPlanned(fake, { groups: 'all' });
      fake.onCall = ({ action, nth }) => {
        if (action !== 'modify' || nth === 1) return 'pass';
        return nth === 2 ? { error: 'AccessDenied' } : nth < 3 + lost ? 'lost-before' : 'pass';
      };
      // Once the way back has begun, what is read is what was there before all of it.
      fake.onRead = () => (fake.writes().length > 1 ? 1000 : 0);
      const { report, outcomes } = await carriedOut(fake, plan);
      expect(report.outcome).toBe(lost === 1 ? 'rolled-back' : 'partial');
      expect(outcomes[0]).toEqual([lost === 1 ? 'rolled-back' : 'unknown']);
      expect(fake.value()).toBe(lost === 1 ? 'false' : 'true');
    }
  });

  it('does not touch a group that has moved to another load balancer', async () => {
    const fake = fakeNetwork([two()]);
    const plan = await networkPlanned(fake, { groups: 'all' });
    fake.onCall = (call) => {
      if (call.action === 'modify' && call.nth === 2) {
        fake.foreign((found) => ({ ...found, loadBalancerArns: [networkArn('other')] }));
        return { error: 'AccessDenied' };
      }
      return 'pass';
    };
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({
      outcome: 'partial',
      leftovers: [{ message: expect.stringContaining('is on') }],
    });
    expect(fake.value()).toBe('true');
  });
});

/** A guard that passes, and does something at one of its looks. */
const guardThat = (act: () => void, at = 3) => {
  let looks = 0;
  return {
    windowMs: 2000,
    holdMs: 3000,
    probes: [
      fakeGuard('tcp', () => {
        if (++looks === at) act();
        return true;
      }),
    ],
  };
};

describe('a guard', () => {
  it('is not sent to an address that a plan gives and the load balancer does not have', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    const [change] = plan.changes;
    if (change?.targetGroup === undefined) throw new Error('no change of a target group');
    const loadBalancer = { ...change.loadBalancer, dnsName: 'elsewhere.example' };
    const moved = { ...plan, changes: [{ ...change, loadBalancer }] };
    let looks = 0;
    const guard = { windowMs: 2000, holdMs: 3000, all: false, probes: [fakeGuard('tcp', () => ++looks > 0)] };
    const { report } = await carriedOut(fake, moved, { guard });
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(report.reason).toContain('its DNS name was elsewhere.example, is ');
    expect([looks, fake.value()]).toEqual([0, 'false']);
  });
});

describe('a controller that sets the attribute back', () => {
  it.each([false, true])(
    'while a guard watches is noticed once it has held; what is left of the change is put back (all at once: %s)',
    async (all) => {
      const fake = fakeNetwork([edge()]);
      const plan = await networkPlanned(fake);
      const guard = { ...guardThat(() => fake.setBack('false')), all };
      const { report, outcomes } = await carriedOut(fake, plan, { guard });
      expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'concurrent-change' } });
      expect(report.reason).toContain(
        'proxy_protocol_v2.enabled of target group blue, which this run has written, was true, is false',
      );
      expect(outcomes).toEqual([['rolled-back']]);
      expect(fake.value()).toBe('false');
    },
  );

  it('while another group is written is noticed as well', async () => {
    const fake = fakeNetwork([two()]);
    const plan = await networkPlanned(fake, { groups: 'all' });
    fake.onEffect = (name) => {
      if (name === 'green') fake.setBack('false', 'blue');
    };
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'concurrent-change' } });
    expect([fake.value('blue'), fake.value('green')]).toEqual(['false', 'false']);
  });

  it('a controller that sets the attribute back and a stale read are distinguished by further reads', async () => {
    const fake = fakeNetwork([edge()]);
    const plan = await networkPlanned(fake);
    let stale = 0;
    fake.onRead = () => (stale-- > 0 ? 1 : 0);
    const guard = { ...guardThat(() => (stale = 6)), all: false };
    expect((await carriedOut(fake, plan, { guard })).report.outcome).toBe('applied');
  });
});

describe('an undo', () => {
  const applied = async (before: string | null = 'false') => {
    const fake = fakeNetwork([edge({ targetGroups: [group({ attributes: attributes(before) })] })]);
    const journal = fakeJournal(fake.log);
    const ran = await carriedOut(fake, await networkPlanned(fake), { journal });
    const [entry] = ran.history.changes;
    if (entry === undefined) throw new Error('no change');
    const dependencies = dependenciesOf(fake, { journal });
    const planned = () => makeUndoPlan(entry, dependencies);
    return { fake, journal, entry, planned, dependencies };
  };

  it('puts the attribute back, and is pinned to the group', async () => {
    const { fake, planned, journal } = await applied();
    const undo = await planned();
    expect(undo.changes).toMatchObject([
      { targetGroup: { arn: groupArn('blue') }, steps: [{ before: 'true', after: 'false' }] },
    ]);
    const { report, history } = await carriedOut(fake, undo, { journal });
    expect(report.outcome).toBe('applied');
    expect(fake.value()).toBe('false');
    expect(history.changes.at(-1)?.undoneBy).toBe(report.changeId);
  });

  it('says that a key which was not listed can only be given its default', async () => {
    const { fake, planned, dependencies } = await applied(null);
    const undo = await planned();
    expect(dependencies.events).toMatchObject([
      { code: 'warning', message: expect.stringContaining("it can't be taken away again, so false") },
    ]);
    expect((await carriedOut(fake, undo)).report.outcome).toBe('applied');
    expect(fake.value()).toBe('false');
  });

  it('writes once more what reads as it was before, where the change is young: the read may be behind', async () => {
    const { fake, planned } = await applied();
    fake.onRead = () => 1;
    const undo = await planned();
    expect(undo.changes).toMatchObject([{ steps: [{ before: 'false', after: 'false' }] }]);
    fake.onRead = () => 0;
    // The read was behind: by now it shows what is there.
    const { report } = await carriedOut(fake, undo);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
  });

  it.each<readonly [what: string, change: (found: TargetGroup) => TargetGroup, words: string, code: string]>([
    [
      'was made again under its name',
      (found) => ({ ...found, arn: groupArn('blue', 'fedcba9876543210') }),
      'finds nothing any more',
      'TargetGroupNotFound',
    ],
    [
      'is on another load balancer',
      (found) => ({ ...found, loadBalancerArns: [networkArn('other')] }),
      'is not the one that change',
      'stale-plan',
    ],
  ])('is refused for a group that %s', async (_what, change, words, code) => {
    const { fake, planned } = await applied();
    fake.foreign(change);
    await expect(planned()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('reaches a group whose load balancer was deleted since', async () => {
    const { fake, planned } = await applied();
    fake.relisten(undefined);
    fake.foreign((found) => ({ ...found, loadBalancerArns: [] }));
    const undo = await planned();
    expect(undo.changes).toMatchObject([
      { affects: { listeners: [] }, targetGroup: { loadBalancerArns: [] } },
    ]);
    expect((await carriedOut(fake, undo)).report.outcome).toBe('applied');
    expect(fake.value()).toBe('false');
  });
});
