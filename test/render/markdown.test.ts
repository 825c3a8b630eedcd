import { describe, expect, test } from 'vitest';
import { blockedError } from '../../src/app/objection-to-change.js';
import type { Hazard } from '../../src/core/hazards.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { type Plan, plan, planChange } from '../../src/core/plan.js';
import type { Report } from '../../src/core/report.js';
import { loadBalancerStatus, statusEntry } from '../../src/render/json/status.js';
import { codeSpan } from '../../src/render/markdown/code-span.js';
import { fit, sizeOf, summaryLimit } from '../../src/render/markdown/fit.js';
import { planAgain } from '../../src/render/markdown/how-to-apply.js';
import { mermaidText } from '../../src/render/markdown/picture.js';
import { renderPlanMarkdown } from '../../src/render/markdown/plan.js';
import { prose } from '../../src/render/markdown/prose.js';
import { renderReportMarkdown } from '../../src/render/markdown/report.js';
import { statusPage } from '../../src/render/markdown/status-page.js';
import { printable } from '../../src/render/printable.js';
import { byBudget } from '../helpers/budget.js';
import { classicChanges, reported } from '../helpers/classic-changes.js';
import { fc } from '../helpers/fast-check.js';
import { awkward, bare, inspected, shop, sparse } from './fixtures/load-balancers.js';
import { edge, hazy, inspectedNetwork, lone } from './fixtures/network-load-balancers.js';
import * as plans from './fixtures/plans.js';
import { reports } from './fixtures/reports.js';
import { classicIn, statusDocument } from './fixtures/whole-status.js';
import { expectMarkdownGolden } from './golden.js';
import { hostileNames } from './hostile.js';
import { expectSafe, takeApart } from './markdown-page.js';

const denied = { region: 'eu-west-1', code: 'AccessDenied', message: 'no, says @team' };

function status(loadBalancers: readonly LoadBalancer[], errors = [denied], limit?: number): string {
  const page = statusPage(['us-east-1'], 'Classic or Network', limit);
  for (const loadBalancer of loadBalancers) page.add(loadBalancerStatus(inspected(loadBalancer)));
  return page.render(errors);
}

const pages: Readonly<Record<string, () => string>> = {
  'plan-enable': () => renderPlanMarkdown(plans.enableFirst),
  'plan-enable-written': () => renderPlanMarkdown(plans.enableFirst, undefined, 'mine.json'),
  'plan-enable-many': () => renderPlanMarkdown(plans.enableMany),
  'plan-disable': () => renderPlanMarkdown(plans.disable),
  'plan-disable-and-delete': () => renderPlanMarkdown(plans.disableAndDelete),
  'plan-delete-only': () => renderPlanMarkdown(plans.deleteOnly),
  'plan-undo': () => renderPlanMarkdown(plans.undo),
  'plan-nothing-to-do': () => renderPlanMarkdown(plans.nothingToDo),
  'plan-sparse': () => renderPlanMarkdown(plans.sparsePlan),
  ...Object.fromEntries(
    Object.entries(reports).map(([name, report]) => [`report-${name}`, () => renderReportMarkdown(report)]),
  ),
  'status-one': () => status([shop], []),
  'status-fleet': () => status([shop, awkward, sparse, bare]),
  'status-both-kinds': () => {
    const page = statusPage(['us-east-1'], 'Classic or Network');
    for (const one of [
      inspected(shop),
      inspectedNetwork(edge),
      inspectedNetwork(hazy),
      inspectedNetwork(lone),
    ])
      page.add(statusEntry(one));
    return page.render([{ region: 'us-east-1', kind: 'network', code: 'AccessDenied', message: 'no' }]);
  },
  'status-empty': () => status([]),
};

describe.each(Object.entries(pages))('%s', (name, page) => {
  test('looks as its golden file', () => {
    expectMarkdownGolden(name, page());
  });

  test('has whole tables, fences and pictures, and nothing that GitHub would act on', async () => {
    await expectSafe(page());
  });

  test('says what changes in its first line', () => {
    expect(page()).toMatch(/^### \S.*\n/);
    expect(page()).toMatch(/[^\n]\n$/);
  });
});

describe('a plan', () => {
  const page = takeApart(renderPlanMarkdown(plans.enableFirst));

  test('has a picture of before and after, the calls there and back, and how to apply it', () => {
    expect(page.fences.map(({ language }) => language)).toEqual(['mermaid', 'text', 'text', 'sh']);
    const [drawing, forth, back, apply] = page.fences.map(({ lines }) => lines.join('\n'));
    expect(drawing).toMatch(/Before[\s\S]*backend-auth<br\/>second"[\s\S]*After[\s\S]*\(added\)/);
    expect(forth).toContain('"PolicyNames":["backend-auth","second","ProxyProtocol-enabled"]');
    expect(back).toContain('2. DeleteLoadBalancerPolicy');
    expect(apply).toContain(`elb-proxy apply plan.json --expect-digest ${plans.enableFirst.digest}`);
  });

  test('names the plan file that was written, as a shell takes it; or says that it is still to be written', () => {
    const digest = `--expect-digest ${plans.enableFirst.digest}`;
    const applied = (file?: string) => {
      const lines = takeApart(renderPlanMarkdown(plans.enableFirst, undefined, file)).fences.at(-1)?.lines;
      return lines?.slice(0, 2);
    };
    expect(applied()).toEqual([
      '# no plan file was written: run the dry run again with --out plan.json, then',
      `elb-proxy apply plan.json ${digest}`,
    ]);
    for (const [file, word] of [
      ['mine.json', 'mine.json'],
      ['out/plan of the day.json', "'out/plan of the day.json'"],
      ['a```b', "'a```b'"],
    ])
      expect(applied(file)).toEqual([
        '# the plan file that this dry run wrote',
        `elb-proxy apply ${word} ${digest}`,
      ]);
    expect(applied('-x')?.[1]).toBe(`elb-proxy apply ${digest} -- -x`);
  });

  test('names the command that plans the same afresh', () => {
    const digest = (made: Plan) => ` --expect-digest ${made.digest}`;
    expect(planAgain(plans.enableFirst)).toBe(
      `elb-proxy enable shop-web --port 8443 --region us-east-1${digest(plans.enableFirst)}`,
    );
    expect(planAgain(plans.disableAndDelete)).toContain('--delete-policy');
    expect(planAgain(plans.undo)).toBe(`elb-proxy undo 20260501-123000-k3v9x2${digest(plans.undo)}`);
    const both = [plans.untouchedShop, { ...plans.untouchedShop, name: 'shop-api' }].map((loadBalancer) =>
      plans.change(loadBalancer, { action: 'enable', instancePorts: [8443] }, ['http-health-check']),
    );
    const several = plan('enable', both, { tool: 't', createdAt: new Date(0) });
    expect(planAgain(several)).toBe(
      'elb-proxy enable shop-api shop-web --port 8443 --region us-east-1 --max-changes 2 --force http-health-check' +
        digest(several),
    );
    const [change] = classicChanges(plans.enableFirst);
    const hazard = { code: 'backend-rejects-proxy', level: 'blocker', message: 'm', advice: 'a' } as const;
    const asked = change === undefined ? [] : [{ ...change, hazards: [hazard], forced: [hazard.code] }];
    expect(planAgain({ ...plans.enableFirst, changes: asked })).toContain(
      '--verify-backends --force backend-rejects-proxy',
    );
    // Two regions take two commands, and other ports on each a command each.
    expect(planAgain(plans.enableMany)).toBeUndefined();
  });

  test('counts blockers that stop it, and says which are overruled', () => {
    const text = renderPlanMarkdown(plans.enableMany);
    expect(text).toContain('**blocker** `http-listener` (stops this plan)');
    expect(text).toContain('(overruled by `--force ssl-backend`)');
    expect(renderPlanMarkdown(plans.disable)).not.toContain('stops this plan');
  });

  test('that was refused for its blockers says once what each does', () => {
    const [change] = classicChanges(plans.enableFirst);
    const blockers = (['http-listener', 'ssl-backend'] as const).map((code) => ({
      code,
      level: 'blocker' as const,
      message: `what ${code} does`,
      advice: `what to do about ${code}`,
    }));
    const { code, message, hint } = blockedError('shop-web', blockers);
    const error = { code, message, ...(hint === undefined ? {} : { hint }) };
    const refused = (hazards: readonly Hazard[]) =>
      renderReportMarkdown({
        ...reports.refused,
        changes: reported(
          { changes: change === undefined ? [] : [{ ...change, hazards, forced: [] }] },
          () => ({
            outcome: 'not-run',
          }),
        ),
        reason: message,
        error,
      });
    const text = refused(blockers);
    expect(text).toContain(
      '`blocked`: refused on `shop-web` (`us-east-1`): `http-listener`, `ssl-backend`\n',
    );
    for (const { message: does, advice } of blockers)
      for (const words of [does, advice]) expect(text.split(prose(words))).toHaveLength(2);
    // Found right before the write, by none of the plan's hazards.
    expect(refused([])).toContain(prose(blockers[0]?.message ?? ''));
  });
});

describe('names that were chosen to break the page', () => {
  const hazard = (text: string): Hazard => ({
    code: 'managed-elsewhere',
    level: 'blocker',
    message: `it is ${text} (${text}): beware of ${text}`,
    advice: text,
  });
  const loadBalancer = (name: string): LoadBalancer => ({
    ...shop,
    name,
    dnsName: name,
    accountId: name,
    listeners: shop.listeners.map((listener) => ({ ...listener, protocol: name, policyNames: [name] })),
    backendServers: [{ instancePort: 8443, policyNames: [name, 'kept', name] }],
    policies: [
      { name, type: name, attributes: [{ name, value: name }] },
      { name: 'kept', type: 'x', attributes: [] },
    ],
    healthCheck: { target: name },
  });
  const planOf = (name: string): Plan =>
    plan(
      'enable',
      [
        planChange(
          loadBalancer(name),
          [8443],
          [
            {
              call: 'CreateLoadBalancerPolicy',
              policyName: name,
              policyTypeName: name,
              attributes: { [name]: name },
            },
            {
              call: 'SetLoadBalancerPoliciesForBackendServer',
              instancePort: 8443,
              before: [name, 'kept', `${name}x`],
              after: ['kept', name, `y${name}`],
            },
          ],
          [hazard(name)],
          [],
        ),
      ],
      { tool: name, createdAt: new Date(0), endpoint: name, undoes: name },
    );
  const reportOf = (name: string): Report => ({
    formatVersion: 1,
    action: 'enable',
    changeId: name,
    outcome: 'partial',
    changes: reported(planOf(name), () => ({ outcome: 'done', requestId: name })),
    leftovers: [{ loadBalancer: name, region: name, message: name, harmless: true, command: name }],
    guard: {
      probe: name,
      probes: [name],
      notes: [{ at: name, probe: name, loadBalancer: name, message: name }],
      checks: [
        {
          phase: 'after',
          probe: name,
          loadBalancer: name,
          instancePort: 1,
          at: name,
          target: name,
          passed: false,
          seen: name,
          ms: 1,
        },
      ],
    },
    reason: name,
    error: { code: name, message: `${name} x`, hint: `do ${name}: elb-proxy ${name}`, requestId: name },
  });
  const all = (name: string): readonly string[] => [
    renderPlanMarkdown(planOf(name)),
    renderReportMarkdown(reportOf(name)),
    status([loadBalancer(name)], [{ region: name, code: name, message: name }]),
  ];

  const outlines = all('web').map((page) => takeApart(page).outline);

  /** The pages are those of a harmless name, but for the name, and that is there to be read. */
  async function expectNothingButText(name: string): Promise<void> {
    const made = await Promise.all(all(name).map(expectSafe));
    expect(made.map(({ outline }) => outline)).toEqual(outlines);
    const read = printable(name);
    for (const { spans, drawings } of made) {
      if (name !== '') expect(spans).toContain(read.replaceAll('|', String.raw`\u007c`));
      for (const { labels } of drawings) {
        // Mermaid, and the browser, take blanks at the edges off.
        const lines = [...labels.values()].flatMap((label) => label.split('\n').map((line) => line.trim()));
        expect(lines.map((line) => line.replace(/ \((?:added|removed|PROXY)\)$/, ''))).toContain(read.trim());
      }
    }
    expect(made.map(({ drawings }) => drawings.length)).toEqual([1, 1, 1]);
  }

  test.each(hostileNames.map((name) => [name]))('%j changes nothing but the text', expectNothingButText);

  test('change nothing but the text, whatever they are', async () => {
    const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...hostileNames));
    await fc.assert(
      fc.asyncProperty(part, part, (a, b) => expectNothingButText(`${a}${b}`)),
      { numRuns: byBudget(5, 50) },
    );
  });

  test('are still distinct: code holds every other name as it is', () => {
    const tame = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
      .filter((s) => !s.includes('|'));
    fc.assert(
      fc.property(tame, (name) => {
        expect(takeApart(codeSpan(name)).spans).toEqual([name]);
      }),
      { numRuns: byBudget(250, 1000) },
    );
  });
});

describe('a sentence', () => {
  test('keeps its words, and has names in code', () => {
    expect(prose('instance port 8443 was [a-b, c.d], is (HTTP:80/x) now.')).toBe(
      String.raw`instance port 8443 was \[a-b, ${'`c.d`'}\], is (${'`HTTP:80/x`'}) now.`,
    );
    expect(prose('ask @team: see #12, https://evil.example!')).toBe(
      'ask `@team`: see `#12`, `https://evil.example!`',
    );
  });
});

describe('the text of a label', () => {
  test('keeps letters, digits and dashes inside a name, and writes the rest as codes', () => {
    expect(mermaidText('ProxyProtocol-enabled 8443')).toBe('ProxyProtocol-enabled 8443');
    expect(mermaidText('-a--b_c"]:😀')).toBe('#45;a#45;#45;b#95;c#34;#93;#58;#128512;');
  });
});

describe("GitHub's limits", () => {
  const fleet = (count: number): Plan =>
    plan(
      'enable',
      Array.from({ length: count }, (_, index) =>
        plans.change(
          { ...plans.untouchedShop, name: `shop-${String(index).padStart(5, '0')}` },
          { action: 'enable', instancePorts: [8443] },
        ),
      ),
      { tool: 'elb-proxy 0.1.0', createdAt: new Date(0) },
    );

  test.each([1, 10, 30, 100, 1000])('a plan for %i load balancers fits a comment', async (count) => {
    const made = fleet(count);
    const text = renderPlanMarkdown(made);
    expect(text.length).toBeLessThan(65_536);
    await expectSafe(text);
    const whole = text.match(/^#### `shop-/gm)?.length ?? 0;
    const brief = text.match(/^- `shop-/gm)?.length ?? 0;
    const [, left = '0'] = /(\d+) load balancers? left out/.exec(text) ?? [];
    expect(whole + brief + Number(left)).toBe(count);
    if (Number(left) > 0) expect(text).toContain(`left out (${2 * Number(left)} calls, ${left} blockers)`);
    if (count === 1) expect(text).not.toContain('Not everything is here');
    expect(text).toContain(made.digest);
  });

  test('a report of thousands of load balancers fits a comment, and counts what it left out', async () => {
    const done = reported(fleet(3000), () => ({ outcome: 'done', requestId: 'r' }));
    const text = renderReportMarkdown({ ...reports.applied, changes: done });
    expect(sizeOf(text)).toBeLessThan(65_536);
    await expectSafe(text);
    const told = text.match(/^(?:#### |- )`shop-/gm)?.length ?? 0;
    const [, left, calls] = /(\d+) load balancers left out \((\d+) calls\)/.exec(text) ?? [];
    expect(Number(left)).toBeGreaterThan(0);
    expect(told + Number(left)).toBe(3000);
    expect(Number(calls)).toBe(2 * Number(left));
  });

  test('a summary has room for more', () => {
    const text = renderPlanMarkdown(fleet(800), summaryLimit);
    expect(sizeOf(text)).toBeLessThan(summaryLimit);
    expect(sizeOf(text)).toBeGreaterThan(500_000);
  });

  test('one load balancer that is too large by itself is shown in brief, and its blockers are counted', () => {
    const [change] = classicChanges(plans.enableFirst);
    const steps = Array.from({ length: 900 }, (_, index) => ({
      call: 'SetLoadBalancerPoliciesForBackendServer' as const,
      instancePort: index + 1,
      before: Array.from({ length: 10 }, (__, number) => `policy-${number}`),
      after: ['x'.repeat(200)],
    }));
    const made = { ...plans.enableFirst, changes: change === undefined ? [] : [{ ...change, steps }] };
    const text = renderPlanMarkdown(made);
    expect(sizeOf(text)).toBeLessThan(65_536);
    expect(text).toContain('1 load balancer shown in brief');
    expect(text).toContain('900 calls; 1 blocker, 1 note');
  });

  test('a status of thousands keeps no more than it can show', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...shop, name: `shop-${index}` }));
    const text = status(many);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('2000 load balancers in');
    expect(text).toMatch(/\d+ load balancers left out \(\d+ blockers\)/);
    await expectSafe(text);
  });

  test('everything that fits is shown in full, in its order', () => {
    const piece = (size: number, brief = 2) => ({ forms: ['x'.repeat(size), 'y'.repeat(brief)] });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 50 })),
        fc.integer({ min: 0, max: 400 }),
        (sizes, room) => {
          const fitted = fit(
            sizes.map((size) => piece(size)),
            room,
          );
          const used = fitted.texts.reduce((sum, text) => sum + text.length + 2, 0);
          expect(used).toBeLessThanOrEqual(Math.max(room, 0));
          expect(fitted.texts.length + fitted.left.length).toBe(sizes.length);
          if (sizes.reduce((sum, size) => sum + size + 2, 0) <= room) expect(fitted.shortened).toEqual([]);
        },
      ),
    );
  });

  test('the document of a status and its page count the same', () => {
    const document = statusDocument([], [inspected(shop), inspected(awkward)], []);
    const ports = classicIn(document).flatMap(({ instancePorts }) => instancePorts);
    expect(status([shop, awkward])).toContain(`of ${ports.length} instance ports`);
  });
});
