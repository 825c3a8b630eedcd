import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { carryOut, type Planning } from '../../../src/cli/change/carry-out.js';
import { readChangeOptions } from '../../../src/cli/change/change-options.js';
import { apply } from '../../../src/cli/commands/apply.js';
import { enable } from '../../../src/cli/commands/enable.js';
import { parse } from '../../../src/cli/parse.js';
import type { LoadBalancer } from '../../../src/core/model.js';
import type { Plan } from '../../../src/core/plan.js';
import { readPlanFile } from '../../../src/plan-file/plan-file.js';
import { fakeLoadBalancing } from '../../app/fake-load-balancing.js';
import { fakeJournal, planned } from '../../app/run.js';
import { auth, lists, proxy, web } from '../../core/builders.js';
import { type Around, fakeContext } from '../fake-context.js';

const start = (found: Partial<LoadBalancer> = {}) =>
  web({ policies: [auth('a')], backendServers: lists({ 8443: ['a'] }), ...found });

/** Its blockers. */
const blocked = { healthCheck: { target: 'HTTP:8443/' } };

/** Carries out `enable web --port 8443` with some options. */
async function run(
  argv: readonly string[],
  around: Around = {},
  found: Partial<LoadBalancer> = {},
  request = {},
) {
  const fake = fakeLoadBalancing(start(found));
  const plan = await planned(fake, request);
  const context = fakeContext(fake, around);
  const code = await carryOut(planning(plan), await options(enable, argv), context);
  return { code, fake, plan, context };
}

/** Options as the commands read them. */
async function options(command: typeof enable | typeof apply, argv: readonly string[]) {
  const { io } = fakeContext(fakeLoadBalancing());
  return readChangeOptions(command === enable ? parse(enable, argv).options : parse(apply, argv).options, {
    io,
  });
}

/** A plan as the commands hand it over: made when it is this run's turn. */
function planning(plan: Plan): Planning {
  return { targets: [{ name: 'web', region: 'us-east-1' }], makePlan: async () => plan };
}

describe('a dry run', () => {
  it('shows the plan and stops there: no question, no call, no journal', async () => {
    const { code, fake, plan, context } = await run(['--dry-run'], { answers: [] });
    expect(code).toBe(0);
    expect(context.documents).toEqual([plan]);
    expect(context.asked).toEqual([]);
    expect(fake.log).toEqual([]);
  });

  it('says by its exit code whether anything is pending, when asked to', async () => {
    expect((await run(['--dry-run', '--detailed-exitcode'])).code).toBe(2);
    const done = { policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) };
    expect((await run(['--dry-run', '--detailed-exitcode'], {}, done)).code).toBe(0);
  });

  it('shows blockers and does not refuse', async () => {
    const { code, context } = await run(['--dry-run'], {}, { healthCheck: { target: 'HTTP:8443/' } });
    expect(code).toBe(0);
    expect(context.documents).toMatchObject([
      { changes: [{ hazards: [{ code: 'http-health-check' }, {}] }] },
    ]);
  });

  it('writes a plan that apply reads, and says where it is', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'elb-proxy-out-')), 'plan.json');
    const { plan, context } = await run(['--dry-run', '--out', file]);
    expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(plan)));
    expect(context.err()).toContain(`elb-proxy apply ${file}`);
  });

  it("shows no plan if its file can't be written", async () => {
    await expect(run(['--dry-run', '--out', '/dev/null/plan.json'])).rejects.toMatchObject({
      code: 'invalid-plan',
    });
  });
});

describe('a change', () => {
  it('asks nothing if there is nothing to do', async () => {
    const done = { policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) };
    const { code, context, fake } = await run([], { answers: [] }, done);
    expect(code).toBe(0);
    expect(context.documents).toMatchObject([{ outcome: 'unchanged', changeId: null }]);
    expect(fake.log).toEqual([]);
  });

  it('is carried out and reported once if it is confirmed', async () => {
    const { code, context, fake } = await run([], { answers: [true] });
    expect(code).toBe(0);
    expect(context.asked).toEqual(['Carry out this enable on web?']);
    expect(context.documents).toMatchObject([{ outcome: 'applied' }]);
    expect(fake.list(8443)).toEqual(['a', 'ProxyProtocol-enabled']);
  });

  it('shows no plan under --quiet, and only the outcome and the way back if all went as planned', async () => {
    const { code, context } = await run(['--yes', '--quiet'], { output: 'text' });
    expect(code).toBe(0);
    expect(context.out().trimEnd().split('\n')).toEqual([
      'Applied: the PROXY protocol was enabled on web, instance port 8443.',
      expect.stringMatching(/^Change \S+$/),
      expect.stringMatching(/^Take it back with: elb-proxy undo \S+$/),
    ]);
  });

  it('still reports everything that did not go as planned under --quiet', async () => {
    const { code, context } = await run(['--yes', '--quiet'], { output: 'text' }, blocked);
    expect(code).toBe(3);
    expect(context.out()).toContain('not run: set the policies of instance port 8443');
  });

  it('is shown in one line, with its digest, if it was reviewed elsewhere', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const context = fakeContext(fake, { output: 'text' });
    expect(
      await carryOut({ ...planning(plan), reviewed: true }, await options(enable, ['--yes']), context),
    ).toBe(0);
    const [line, , outcome] = context.out().split('\n');
    expect(line).toBe(`Plan ${plan.digest}: enable web:8443`);
    expect(outcome).toMatch(/^Applied: /);
  });

  it('does not suggest a dry run if it comes from a file, because apply has none', async () => {
    for (const [reviewed, hint] of [
      [true, 'add --yes to carry it out without a prompt'],
      [false, 'add --yes to carry it out without a prompt, or --dry-run to only show it'],
    ] as const) {
      const fake = fakeLoadBalancing(start());
      const plan = await planned(fake);
      const context = fakeContext(fake);
      expect(
        await carryOut({ ...planning(plan), reviewed }, await options(apply, ['plan.json']), context),
      ).toBe(3);
      expect(context.documents).toMatchObject([{ error: { code: 'not-confirmed', hint } }]);
    }
  });

  it('is not asked about with --yes', async () => {
    const { code, context } = await run(['--yes'], { answers: [] });
    expect(code).toBe(0);
    expect(context.asked).toEqual([]);
  });

  it.each([
    [
      'was declined',
      { answers: [false] },
      {
        code: 'cancelled',
        message: 'Cancelled: nothing was changed.',
        hint: expect.stringContaining('--yes'),
      },
    ],
    [
      'whose question was closed',
      { answers: [undefined] },
      {
        code: 'cancelled',
        message: 'Cancelled: nothing was changed.',
        hint: expect.stringContaining('--yes'),
      },
    ],
    [
      'that no one is there to confirm',
      {},
      {
        code: 'not-confirmed',
        message: 'not confirmed: no terminal to ask on',
        hint: expect.stringContaining('--yes'),
      },
    ],
  ])('is refused, without a call or a journal, if it %s', async (_what, around, error) => {
    const { code, context, fake } = await run([], around);
    expect(code).toBe(3);
    expect(context.documents).toMatchObject([
      {
        outcome: 'refused',
        changeId: null,
        error,
        changes: [{ steps: [{ outcome: 'not-run' }, { outcome: 'not-run' }] }],
      },
    ]);
    expect(context.err()).toContain(error.message);
    expect(fake.log).toEqual([]);
  });

  it('needs no report in text if it was declined', async () => {
    const declined = run([], { output: 'text', answers: [false] });
    await expect(declined).rejects.toMatchObject({ code: 'cancelled', fault: 'world' });
  });

  it('is shown before it is asked about, where results are text', async () => {
    const { context } = await run([], { output: 'text', answers: [true] });
    expect(context.out().indexOf('ProxyProtocol-enabled')).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['with --yes', ['--yes'], { answers: [] }],
    ['without a terminal', [], {}],
  ])(
    'is refused %s if a blocker was not overruled, with the option that overrules it',
    async (_when, argv, around) => {
      const { code, context, fake } = await run(argv, around, blocked);
      expect(code).toBe(3);
      expect(context.documents).toMatchObject([
        {
          outcome: 'refused',
          error: { code: 'blocked', hint: expect.stringContaining('--force http-health-check') },
        },
      ]);
      expect(context.asked).toEqual([]);
      expect(fake.log).toEqual([]);
    },
  );

  it('goes ahead in spite of a blocker if the name is typed: as with --force, on record', async () => {
    const journal = fakeJournal();
    const { code, context, plan, fake } = await run([], { answers: [' web '], journal }, blocked);
    expect(code).toBe(0);
    expect(context.asked).toEqual([
      "http-health-check blocks this enable on web (us-east-1). To go ahead anyway, type the load balancer's name:",
    ]);
    expect(context.documents).toMatchObject([
      { outcome: 'applied', changes: [{ forced: ['http-health-check'] }] },
    ]);
    expect(fake.list(8443)).toEqual(['a', 'ProxyProtocol-enabled']);
    const forced = await planned(fakeLoadBalancing(start(blocked)), { forced: ['http-health-check'] });
    expect(plan.digest).not.toBe(forced.digest);
    expect(journal.records[0]).toMatchObject({
      plan: { digest: forced.digest, changes: [{ forced: ['http-health-check'] }] },
    });
  });

  it.each([
    ['another name', 'webs'],
    ['another case', 'Web'],
    ['a yes', 'y'],
    ['nothing', ''],
    ['closed', undefined],
  ])('is declined by anything else if it has a blocker: %s', async (_what, typed) => {
    const { code, context, fake } = await run([], { answers: [typed] }, blocked);
    expect(code).toBe(3);
    expect(context.documents).toMatchObject([
      {
        outcome: 'refused',
        changeId: null,
        changes: [{ forced: [] }],
        error: {
          code: typed ? 'not-confirmed' : 'cancelled',
          hint: expect.stringContaining('--force http-health-check'),
        },
      },
    ]);
    expect(fake.log).toEqual([]);
  });

  it('asks for the name of each load balancer that has blockers, then about all', async () => {
    const several = () =>
      fakeLoadBalancing(start(blocked), web({ name: 'api' }), web({ name: 'zoo', ...blocked }));
    const names = ['web', 'api', 'zoo'];
    const asking = async (...answers: readonly unknown[]) => {
      const fake = several();
      const plan = await planned(fake, { names });
      const context = fakeContext(fake, { answers });
      return { code: await carryOut(planning(plan), await options(enable, []), context), context, fake };
    };
    const done = await asking('web', 'zoo', true);
    expect(done.code).toBe(0);
    expect(done.context.asked.map((question) => question.slice(0, 60))).toEqual([
      'http-health-check blocks this enable on web (us-east-1). To ',
      'http-health-check blocks this enable on zoo (us-east-1). To ',
      'Carry out this enable on api, web, zoo?',
    ]);
    expect(done.context.documents).toMatchObject([
      { changes: [{ forced: [] }, { forced: ['http-health-check'] }, { forced: ['http-health-check'] }] },
    ]);
    for (const answers of [['web', 'web'], ['api'], ['web', 'zoo', false]]) {
      const { code, fake } = await asking(...answers);
      expect(code).toBe(3);
      expect(fake.log).toEqual([]);
    }
  });

  it("records this run's --force, though the plan was made without it", async () => {
    const fake = fakeLoadBalancing(start(blocked));
    const plan = await planned(fake);
    const context = fakeContext(fake);
    const force = ['http-health-check', 'ssl-backend'] as const;
    expect(
      await carryOut(
        planning(plan),
        await options(apply, ['plan.json', '--yes', ...force.flatMap((code) => ['--force', code])]),
        context,
      ),
    ).toBe(0);
    expect(context.documents).toMatchObject([
      { outcome: 'applied', changes: [{ forced: ['http-health-check'] }] },
    ]);
  });

  it('is carried out if its plan overrules the blocker; a disable is not blocked at all', async () => {
    expect((await run(['--yes'], {}, blocked, { forced: ['http-health-check'] })).code).toBe(0);
    const on = { ...blocked, policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) };
    expect((await run(['--yes'], {}, on, { action: 'disable' })).code).toBe(0);
  });

  it('ends with its exit code if it fails, and keeps what was done with --no-rollback', async () => {
    for (const [argv, expected] of [
      [['--yes'], 1],
      [['--yes', '--no-rollback'], 5],
    ] as const) {
      const fake = fakeLoadBalancing(start());
      const plan = await planned(fake);
      fake.onCall = ({ action }) => (action === 'set' ? { error: 'AccessDenied' } : 'pass');
      const context = fakeContext(fake);
      expect(await carryOut(planning(plan), await options(enable, argv), context)).toBe(expected);
      expect(fake.policyNames().includes('ProxyProtocol-enabled')).toBe(expected === 5);
      expect(context.err()).toContain('AccessDenied');
    }
  });

  it('ends with 130 if it is interrupted after a write, and says how to put back what was done', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const controller = new AbortController();
    fake.onCall = ({ action }) => {
      if (action === 'create') controller.abort('SIGINT');
      return 'pass';
    };
    const context = fakeContext(fake, { signal: controller.signal });
    expect(await carryOut(planning(plan), await options(enable, ['--yes']), context)).toBe(130);
    expect(context.documents).toMatchObject([
      {
        outcome: 'partial',
        error: { code: 'interrupted' },
        leftovers: [{ command: expect.stringMatching(/^elb-proxy undo \d{8}-\d{6}-[0-9a-f]{6}$/) }],
      },
    ]);
  });
});
