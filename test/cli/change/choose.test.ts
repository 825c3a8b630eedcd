import { describe, expect, it } from 'vitest';
import { readChangeRequest, requestedPlan } from '../../../src/cli/change/change-request.js';
import { confirmPlan } from '../../../src/cli/change/confirm-plan.js';
import { warnOfInterrupted } from '../../../src/cli/change/warn-of-interrupted.js';
import { disable } from '../../../src/cli/commands/disable.js';
import { enable } from '../../../src/cli/commands/enable.js';
import { parse } from '../../../src/cli/parse.js';
import type { PlanChange } from '../../../src/core/plan.js';
import { attributes, edge, group, networkArn, networkListener } from '../../app/edge.js';
import { fakeLoadBalancing } from '../../app/fake-load-balancing.js';
import { fakeNetwork } from '../../app/fake-network.js';
import { carriedOut, fakeJournal, planned } from '../../app/run.js';
import { auth, listener, lists, proxy, web } from '../../core/builders.js';
import { fakeContext } from '../fake-context.js';

const fleet = () =>
  fakeLoadBalancing(
    web({
      listeners: [listener(), listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 })],
      policies: [auth('a'), proxy('p')],
      backendServers: lists({ 9000: ['a'] }),
    }),
    web({ name: 'zoo' }),
  );
const request = async (argv: readonly string[], answers?: readonly unknown[], fake = fleet()) => {
  const context = fakeContext(fake, answers === undefined ? {} : { answers });
  const made = requestedPlan(
    readChangeRequest(parse(enable, argv)),
    { action: 'enable' },
    { dryRun: undefined, yes: false },
    context,
  ).then(({ makePlan }) => makePlan());
  return { made, context, fake };
};

describe('what is missing', () => {
  it('is asked for on a terminal: the load balancer, then its ports', async () => {
    const { made, context } = await request([], ['web', [8443]]);
    expect((await made).changes).toMatchObject([
      { loadBalancer: { name: 'web' }, affects: { instancePorts: [8443] } },
    ]);
    expect(context.asked).toEqual([
      'Which load balancer in us-east-1? web zoo',
      'Enable the PROXY protocol on which instance ports of web? 8080 8443 9000',
    ]);
  });

  it('is asked for alone: ports for named load balancers, those that all of them have', async () => {
    const { made, context } = await request(['web', 'zoo'], [[8443]]);
    expect((await made).changes).toHaveLength(2);
    expect(context.asked).toEqual([
      'Enable the PROXY protocol on which instance ports of web, zoo? 8443 -8080 -9000',
    ]);
  });

  it('is not asked for where there is nothing to choose: the goal holds on every port', async () => {
    const done = fakeLoadBalancing(web({ policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) }));
    const { made, context } = await request(['web'], [], done);
    expect(await made).toMatchObject({ pending: false, changes: [{ affects: { instancePorts: [8443] } }] });
    expect(context.asked).toEqual([]);
  });

  it.each([
    [[web({ listeners: [] })], 'load balancer web has no instance port'],
    [
      [web(), web({ name: 'zoo', listeners: [listener({ instancePort: 9000 })] })],
      'no instance port is on all of web, zoo',
    ],
  ])("can't be asked for without a port: %#", async (found, message) => {
    const { made } = await request(
      found.map(({ name }) => name),
      [],
      fakeLoadBalancing(...found),
    );
    await expect(made).rejects.toMatchObject({ code: 'usage', message });
  });

  it('is ticked already where a disable can only mean one port', async () => {
    const fake = fakeLoadBalancing(
      web({
        listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
        policies: [proxy('p')],
        backendServers: lists({ 8443: ['p'] }),
      }),
    );
    const context = fakeContext(fake, { answers: [[8443]] });
    const { makePlan } = await requestedPlan(
      readChangeRequest(parse(disable, ['web'])),
      { action: 'disable' },
      { dryRun: undefined, yes: false },
      context,
    );
    expect((await makePlan()).pending).toBe(true);
    expect(context.asked).toEqual(['Disable the PROXY protocol on which instance ports of web? +8443 -9443']);
  });

  it('is not asked for where nothing is missing', async () => {
    const { made, context } = await request(['web', '--port', '8443'], []);
    expect((await made).pending).toBe(true);
    expect(context.asked).toEqual([]);
  });

  it.each([[[undefined]], [['web', undefined]]])(
    'and declined (%j) is not an error: it is cancelled, and nothing is written',
    async (answers) => {
      const { made, fake } = await request([], answers);
      await expect(made).rejects.toMatchObject({ code: 'cancelled', fault: 'world' });
      expect(fake.writes()).toEqual([]);
    },
  );

  it('is a usage error without a terminal, before anything is read', async () => {
    for (const [argv, message] of [
      [['--port', '8443'], 'no load balancer is named'],
      [['web'], 'no instance port or target group is given'],
    ] as const) {
      const { made, fake } = await request(argv);
      await expect(made).rejects.toMatchObject({
        code: 'usage',
        message,
        hint: expect.stringMatching(/--port N.* --target-group GROUP/),
      });
      expect(fake.log).toEqual([]);
    }
  });

  it("can't be chosen from nothing", async () => {
    const { made } = await request([], [], fakeLoadBalancing());
    await expect(made).rejects.toMatchObject({
      code: 'usage',
      message: 'there is no load balancer in us-east-1',
      hint: 'give another --region',
    });
  });
});

describe('a load balancer of either kind', () => {
  const network = () =>
    fakeNetwork([
      edge({
        listeners: [networkListener(['blue']), networkListener(['green'], { port: 8443 })],
        targetGroups: [group(), group({ name: 'green', attributes: attributes('true') })],
      }),
      edge({
        name: 'web',
        targetGroups: [group({ name: 'red', loadBalancerArns: [networkArn('web')] })],
        listeners: [],
      }),
    ]);
  const asked = async (
    argv: readonly string[],
    answers: readonly unknown[],
    action: 'enable' | 'disable' = 'enable',
  ) => {
    const fake = network();
    const context = fakeContext(fleet(), { answers, network: fake });
    const given = action === 'enable' ? parse(enable, argv) : parse(disable, argv);
    const made = requestedPlan(
      readChangeRequest(given),
      { action },
      { dryRun: undefined, yes: false },
      context,
    ).then(({ makePlan }) => makePlan());
    return { made, context, fake };
  };

  it('is picked from both, two of one name distinguished by their kind; then its groups are ticked', async () => {
    const { made, context } = await asked([], ['edge', [1]]);
    expect((await made).changes).toMatchObject([{ targetGroup: { name: 'blue' } }]);
    expect(context.asked).toEqual([
      'Which load balancer in us-east-1? edge web (classic) web (network) zoo',
      'Enable the PROXY protocol for which target groups of edge? 1 -2',
    ]);
  });

  it('is the one that is picked if both have its name', async () => {
    const { made } = await asked([], ['web (network)', [1]]);
    expect((await made).changes).toMatchObject([{ loadBalancer: { kind: 'network', name: 'web' } }]);
    const classic = await asked([], ['web (classic)', [8443]]);
    expect((await classic.made).changes).toMatchObject([{ loadBalancer: { kind: 'classic', name: 'web' } }]);
  });

  it('is picked from one kind where an option says which', async () => {
    const { made, context } = await asked(['--all-target-groups'], ['edge']);
    expect((await made).changes).toHaveLength(2);
    expect(context.asked).toEqual(['Which load balancer in us-east-1? edge web']);
    const classic = await asked(['--port', '8443'], ['web']);
    await classic.made;
    expect(classic.context.asked).toEqual(['Which load balancer in us-east-1? web zoo']);
  });

  it('is asked for its groups alone if it is named', async () => {
    const { made, context } = await asked(['edge'], [[1]], 'disable');
    expect((await made).changes).toMatchObject([{ targetGroup: { name: 'green' } }]);
    expect(context.asked).toEqual(['Disable the PROXY protocol for which target groups of edge? +1 -2']);
  });

  it('is asked for its ports alone if only a Classic one has its name', async () => {
    const { made, context } = await asked(['zoo'], [[8443]]);
    expect((await made).changes).toMatchObject([{ loadBalancer: { kind: 'classic', name: 'zoo' } }]);
    expect(context.asked).toEqual(['Enable the PROXY protocol on which instance ports of zoo? 8443']);
  });

  const which =
    'web in us-east-1 is the name of both a Classic and a Network Load Balancer. Which one? web (classic) web (network)';

  it.each([
    ['enable', 'web (network)', 1, 'network'],
    ['enable', 'web (classic)', 8443, 'classic'],
  ] as const)('%s of a name that both have asks which: %s', async (action, answer, place, kind) => {
    const { made, context } = await asked(['web'], [answer, [place]], action);
    const plan = await made.catch((error: unknown) => error);
    expect(context.asked[0]).toBe(which);
    expect(context.asked[1]).toMatch(
      kind === 'network' ? /which target groups of web/ : /which instance ports of web/,
    );
    expect(plan).toMatchObject({ changes: [{ loadBalancer: { kind, name: 'web' } }] });
  });

  it.each([
    ['AccessDenied', 'classic'],
    ['no-network-endpoint', 'classic'],
    // For the moment only: then it is not known which one is meant.
    ['Throttling', undefined],
  ])("has a Classic one's name, and the others can't be read for %s: %s", async (code, kind) => {
    const fake = network();
    fake.onCall = () => ({ error: code });
    const context = fakeContext(fleet(), { answers: [[8443]], network: fake });
    const made = requestedPlan(
      readChangeRequest(parse(enable, ['web'])),
      { action: 'enable' },
      { dryRun: undefined, yes: false },
      context,
    ).then(({ makePlan }) => makePlan());
    if (kind === undefined) await expect(made).rejects.toMatchObject({ code });
    else expect((await made).changes).toMatchObject([{ loadBalancer: { name: 'web' } }]);
    expect(context.asked).toHaveLength(kind === undefined ? 0 : 1);
  });

  const tags = [{ key: 'team', value: 'edge' }];
  it.each([
    [[tags, tags], ['edge', [1]], 'network', /^Both kinds .* have --tag team=edge. Which kind\? web edge$/],
    [[tags, tags], ['web', [8443]], 'classic', /^Both kinds/],
    [[tags, []], [[8443]], 'classic', /which instance ports of web/],
    [[[], tags], [[1]], 'network', /which target groups of edge/],
  ] as const)(
    'is of the kind that has its tag, and asked for if both have it: %#',
    async ([one, other], answers, kind, first) => {
      const fake = fakeNetwork([
        edge({ tags: other, targetGroups: [group()], listeners: [networkListener(['blue'])] }),
      ]);
      const context = fakeContext(fakeLoadBalancing(web({ tags: one })), { answers, network: fake });
      const { makePlan } = await requestedPlan(
        readChangeRequest(parse(enable, ['--tag', 'team=edge'])),
        { action: 'enable' },
        { dryRun: undefined, yes: false },
        context,
      );
      expect((await makePlan()).changes).toMatchObject([
        { loadBalancer: { name: kind === 'network' ? 'edge' : 'web' } },
      ]);
      expect(context.asked[0]).toMatch(first);
      expect(context.asked).toHaveLength(answers.length);
    },
  );

  it('is left alone if both have its name and no answer comes', async () => {
    const { made, fake } = await asked(['web'], [undefined]);
    await expect(made).rejects.toMatchObject({ code: 'cancelled' });
    expect(fake.writes()).toEqual([]);
  });

  it('is of the kind that alone has all of the names', async () => {
    const { made, context } = await asked(['web', 'zoo'], [[8443]]);
    expect((await made).changes).toHaveLength(2);
    expect(context.asked).toHaveLength(1);
    const edges = await asked(['web', 'edge'], [[1, 2]]);
    expect((await edges.made).changes).toMatchObject([
      { loadBalancer: { kind: 'network' } },
      { loadBalancer: { kind: 'network' } },
    ]);
    expect(edges.context.asked).toHaveLength(1);
  });

  it('is named once in the question, with all of its groups', async () => {
    const { made, context } = await asked(['edge', 'web', '--all-target-groups'], [true, true]);
    const plan = await made;
    const [blue, green, red] = plan.changes;
    if (blue?.targetGroup === undefined || green?.targetGroup === undefined || red === undefined)
      throw new Error('the plan has not the three groups');
    await confirmPlan(plan, false, context, 'nothing');
    const both = { ...green, steps: blue.steps } as PlanChange;
    await confirmPlan({ ...plan, changes: [blue, both, red] }, false, context, 'nothing');
    expect(context.asked).toEqual([
      'Carry out this enable on edge, target group blue; web, target group red?',
      'Carry out this enable on edge, target groups blue, green; web, target group red?',
    ]);
  });

  it('has target groups of several names by a comma list, and the error says so', () => {
    const hint = 'give several as a comma-separated list, or repeat the option';
    const read = () => readChangeRequest(parse(enable, ['edge', '--target-group', 'blue green']));
    expect(read).toThrowError(expect.objectContaining({ code: 'usage', hint }));
  });

  it("can't be changed together with one of the other kind", async () => {
    const { made } = await asked(['zoo', 'edge'], []);
    await expect(made).rejects.toMatchObject({
      code: 'usage',
      message: 'zoo, edge: zoo is Classic, edge a Network Load Balancer: they are not changed in one run',
    });
  });

  it("is Classic where others can't be read, which is said", async () => {
    const fake = network();
    fake.onCall = () => ({ error: 'AccessDenied' });
    const context = fakeContext(fleet(), { answers: ['zoo', [8443]], network: fake });
    const said: string[] = [];
    const made = await requestedPlan(
      readChangeRequest(parse(enable, [])),
      { action: 'enable' },
      { dryRun: undefined, yes: false },
      { ...context, emit: (event) => said.push(event.code) },
    );
    expect((await made.makePlan()).changes).toMatchObject([{ loadBalancer: { name: 'zoo' } }]);
    expect(said).toEqual(['warning']);
  });
});

describe('a change that was cut off', () => {
  const warnings = async (journal: ReturnType<typeof fakeJournal>) => {
    const said: string[] = [];
    const context = {
      ...fakeContext(fleet(), { journal }),
      emit: (event: { code: string; message?: string }) => said.push(event.message ?? ''),
    };
    await warnOfInterrupted(context);
    return said;
  };

  it('is said by the next command, with what it was and how to put it back', async () => {
    const fake = fleet();
    const journal = fakeJournal(fake.log);
    journal.onAppend = ({ record }) => (record === 'end' ? 'fail' : 'pass');
    const { report } = await carriedOut(fake, await planned(fake), { journal });
    const [said, ...more] = await warnings(journal);
    expect(more).toEqual([]);
    expect(said).toContain(`${report.changeId} (enable web 8443, begun `);
    expect(said).toContain(`elb-proxy undo ${report.changeId}`);
  });

  it('is none that ended', async () => {
    const fake = fleet();
    const { journal } = await carriedOut(fake, await planned(fake));
    expect(await warnings(journal)).toEqual([]);
  });

  it("does not stop commands that only look if the journal can't be read", async () => {
    const broken = { ...fakeJournal(), read: async () => Promise.reject(new Error('unreadable')) };
    expect(await warnings(broken)).toEqual(['unreadable']);
  });
});
