import { describe, expect, it } from 'vitest';
import { networkHazards } from '../../src/core/hazards/network/network-hazards.js';
import { groupSteps } from '../../src/core/network/group-steps.js';
import type { NetworkChange } from '../../src/core/network/network-change.js';
import { networkChange } from '../../src/core/network/network-change.js';
import type { TargetGroup } from '../../src/core/network-load-balancer.js';
import { type Plan, plan } from '../../src/core/plan.js';
import { isPlan } from '../../src/core/plan-check.js';
import { planSchema } from '../../src/core/plan-schema.js';
import type { Report, StepOutcome } from '../../src/core/report.js';
import { renderPlanCommands } from '../../src/render/commands/plan.js';
import { historyDocument } from '../../src/render/json/history.js';
import { reportSchema } from '../../src/render/json/report-schema.js';
import { makeStyle } from '../../src/render/make-style.js';
import { planAgain } from '../../src/render/markdown/how-to-apply.js';
import { renderPlanMarkdown } from '../../src/render/markdown/plan.js';
import { renderReportMarkdown } from '../../src/render/markdown/report.js';
import { renderEvent } from '../../src/render/text/event.js';
import { renderPlan, renderPlanLine } from '../../src/render/text/plan.js';
import { renderReport } from '../../src/render/text/report.js';
import { attributes, edge, group, networkArn, networkListener } from '../app/edge.js';
import { expectGolden, expectMarkdownGolden } from './golden.js';
import { expectSafe } from './markdown-page.js';

const style = makeStyle({ width: 90, colourLevel: 0, unicode: true });

const blue = group({ attributes: attributes(null) });
const green = group({
  name: 'green',
  protocol: 'TLS',
  healthCheck: { enabled: true, protocol: 'HTTP', port: '10254', path: '/healthz' },
  targets: undefined,
});
const done = group({ name: 'red', attributes: attributes('true') });
const alone = group({ name: 'alone', loadBalancerArns: [], targets: [] });
const loadBalancer = edge({
  listeners: [networkListener(['blue']), networkListener(['blue', 'green'], { port: 8443, protocol: 'TLS' })],
  targetGroups: [blue, green, done],
});

function change(of: TargetGroup, action: 'enable' | 'disable' = 'enable'): NetworkChange {
  const { name, region, listeners = [] } = loadBalancer;
  const own = listeners.filter(({ targetGroups }) => targetGroups.some(({ arn }) => arn === of.arn));
  const question = {
    purpose: action === 'enable' ? 'on' : 'off',
    targetGroups: [of.arn],
    asked: true,
  } as const;
  const hazards = networkHazards({ ...loadBalancer, targetGroups: [of] }, question);
  return networkChange(
    loadBalancer,
    { name, region, group: of, listeners: own },
    groupSteps(of, action) ?? [],
    hazards,
  );
}

const origin = {
  tool: 'elb-proxy 1.2.3',
  createdAt: new Date('2026-05-01T12:30:00Z'),
  caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/ops' },
};
const several = plan(
  'enable',
  [blue, green, done, alone].map((of) => change(of)),
  origin,
);
const one = plan('enable', [change(blue)], origin);

function reportOf(of: Plan, outcome: Report['outcome'], outcomes: readonly StepOutcome[]): Report {
  let next = 0;
  return {
    formatVersion: 1,
    action: of.action,
    changeId: '20260501-123000-a1b2c3',
    outcome,
    caller: of.caller,
    changes: of.changes.map((each) => ({
      ...(each as NetworkChange),
      steps: (each as NetworkChange).steps.map((step) => ({
        ...step,
        outcome: outcomes[next++] ?? 'not-run',
        requestId: 'r-1',
      })),
    })),
    leftovers: [],
  };
}
const partial = reportOf(several, 'partial', ['unknown', 'done', 'not-run']);

describe('a plan for target groups', () => {
  it('looks as its golden files, as text, Markdown and commands', async () => {
    expectGolden('network-plan', renderPlan(several, style));
    expectGolden('network-commands', renderPlanCommands(several, style));
    const markdown = renderPlanMarkdown(several);
    await expectSafe(markdown);
    expectMarkdownGolden('network-plan', markdown);
  });

  it('counts its load balancers, and not their groups', () => {
    expect(renderPlan(several, style)).toContain('3 calls on 1 load balancer');
    expect(renderPlanLine(one, { ...style, width: 200 })).toContain(': enable edge:blue');
  });

  it('can be made again by the command that Markdown shows', () => {
    expect(planAgain(one)).toBe(
      `elb-proxy enable edge --target-group blue --region us-east-1 --expect-digest ${one.digest}`,
    );
    expect(planAgain(several)).toContain('elb-proxy enable edge --target-group alone,blue,green,red');
  });

  it('is a plan by both checks, through JSON as well', () => {
    for (const made of [one, several]) {
      const read: unknown = JSON.parse(JSON.stringify(made));
      expect(isPlan(read)).toBe(true);
      expect(planSchema.safeParse(read).success).toBe(true);
    }
  });

  it.each<readonly [what: string, spoil: (made: NetworkChange) => unknown]>([
    ['another key', (made) => ({ ...made, steps: [{ ...made.steps[0], key: 'stickiness.enabled' }] })],
    ['another value', (made) => ({ ...made, steps: [{ ...made.steps[0], after: 'True' }] })],
    ['no value', (made) => ({ ...made, steps: [{ ...made.steps[0], after: null }] })],
    ['two steps', (made) => ({ ...made, steps: [made.steps[0], made.steps[0]] })],
    ['no ARN', (made) => ({ ...made, targetGroup: { ...made.targetGroup, arn: 'blue' } })],
    [
      'a line break in its ARN',
      (made) => ({ ...made, targetGroup: { ...made.targetGroup, arn: 'arn:\nx' } }),
    ],
    ['a kind that is none', (made) => ({ ...made, loadBalancer: { ...made.loadBalancer, kind: 'gateway' } })],
    ['no target group', (made) => ({ ...made, targetGroup: undefined })],
    ['instance ports', (made) => ({ ...made, affects: { ...made.affects, instancePorts: [1] } })],
    [
      'a Classic step',
      (made) => ({
        ...made,
        steps: [
          { call: 'SetLoadBalancerPoliciesForBackendServer', instancePort: 1, before: [], after: ['a'] },
        ],
      }),
    ],
  ])('is none with %s, by either check', (_what, spoil) => {
    const spoilt: unknown = JSON.parse(
      JSON.stringify({ ...one, changes: one.changes.map((each) => spoil(each as NetworkChange)) }),
    );
    expect(isPlan(spoilt)).toBe(false);
    expect(planSchema.safeParse(spoilt).success).toBe(false);
  });

  it('has another digest with anything that it is pinned to', () => {
    const [made] = one.changes as readonly [NetworkChange];
    const digestOf = (changed: NetworkChange) => plan('enable', [changed], origin).digest;
    const { targetGroup: pinned, affects } = made;
    const others: readonly NetworkChange[] = [
      { ...made, targetGroup: { ...pinned, arn: `${pinned.arn}0` } },
      { ...made, targetGroup: { ...pinned, protocol: 'TLS' } },
      { ...made, targetGroup: { ...pinned, port: 1 } },
      { ...made, targetGroup: { ...pinned, loadBalancerArns: [networkArn('other')] } },
      { ...made, loadBalancer: { ...made.loadBalancer, arn: networkArn('other') } },
      { ...made, affects: { ...affects, listeners: [] } },
      { ...made, steps: made.steps.map((step) => ({ ...step, before: 'false' })) },
      { ...made, hazards: [] },
    ];
    expect(new Set([one.digest, ...others.map(digestOf)]).size).toBe(others.length + 1);
    const moving = { ...made, affects: { ...affects, targets: undefined } };
    expect(digestOf(moving)).toBe(one.digest);
  });
});

describe('a report on target groups', () => {
  it('looks as its golden files, as text and Markdown', async () => {
    expectGolden('network-report', renderReport(partial, style));
    const markdown = renderReportMarkdown(partial);
    await expectSafe(markdown);
    expectMarkdownGolden('network-report', markdown);
  });

  it('says where it was applied', () => {
    const applied = reportOf(one, 'applied', ['done']);
    expect(renderReport(applied, style)).toContain(
      'Applied: the PROXY protocol was enabled on edge, target group blue.',
    );
    const all = reportOf(several, 'applied', ['done', 'done', 'done']);
    expect(renderReport(all, { ...style, width: 200 })).toContain(
      'was enabled on edge, target groups alone, blue, green.',
    );
    expect(renderReportMarkdown(all)).toContain('was enabled on `edge` (`us-east-1`)');
    expect(renderReportMarkdown(applied)).toContain('was enabled on `edge` (`us-east-1`)');
  });

  it('is as its schema says', () => {
    expect(reportSchema.safeParse(JSON.parse(JSON.stringify(partial))).success).toBe(true);
  });
});

describe('target groups elsewhere', () => {
  it('are in the history by their names, each load balancer once', () => {
    const { changes } = historyDocument({
      changes: [
        {
          changeId: 'c',
          at: '2026-05-01T12:30:00Z',
          lastAt: '2026-05-01T12:30:00Z',
          holder: { pid: 1, host: 'here' },
          plan: several,
          steps: [],
          outcome: 'applied',
          liveness: 'over',
        },
      ],
      warnings: [],
      older: false,
    });
    expect(changes[0]?.loadBalancers).toEqual([
      {
        name: 'edge',
        region: 'us-east-1',
        instancePorts: [],
        targetGroups: ['alone', 'blue', 'green'],
      },
    ]);
  });

  it('are named while they are watched and written', () => {
    const { loadBalancer: of, steps } = one.changes[0] as NetworkChange;
    expect(
      renderEvent(
        { code: 'guard-watching', where: [{ loadBalancer: of, targetGroup: 'blue' }], progress: [] },
        style,
      ),
    ).toBe('watched: edge (us-east-1), target group blue\n');
    const [step] = steps;
    if (step === undefined) throw new Error('no step');
    expect(renderEvent({ code: 'step-started', loadBalancer: of, step, direction: 'forward' }, style)).toBe(
      'edge (us-east-1): set proxy_protocol_v2.enabled of target group blue to true…\n',
    );
  });
});
