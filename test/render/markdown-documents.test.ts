import { describe, expect, test } from 'vitest';
import { changeDocument } from '../../src/render/json/change.js';
import { historyDocument } from '../../src/render/json/history.js';
import { policiesDocument } from '../../src/render/json/policies.js';
import { renderChangeMarkdown } from '../../src/render/markdown/change.js';
import { sizeOf } from '../../src/render/markdown/fit.js';
import { renderHistoryMarkdown } from '../../src/render/markdown/history.js';
import { renderPoliciesMarkdown } from '../../src/render/markdown/policies.js';
import { renderVerifyBackendMarkdown } from '../../src/render/markdown/verify-backend.js';
import { capturePage, renderListenMarkdown } from '../../src/render/markdown/verify-connections.js';
import { printable } from '../../src/render/printable.js';
import { cutShort, everyOutcome, takenBack } from './fixtures/histories.js';
import { awkward, bare, shop } from './fixtures/load-balancers.js';
import { expectMarkdownGolden } from './golden.js';
import { hostileNames } from './hostile.js';
import { expectSafe, takeApart } from './markdown-page.js';
import { captured, connections, cutOff, heard, one, several } from './verify-fixtures.js';

function capture(name: keyof typeof captured): string {
  const page = capturePage();
  for (const connection of captured[name].connections) page.add(connection);
  return page.render(captured[name]);
}

const pages: Readonly<Record<string, () => string>> = {
  history: () => renderHistoryMarkdown(historyDocument(everyOutcome)),
  'history-empty': () => renderHistoryMarkdown(historyDocument({ changes: [], warnings: [], older: false })),
  'history-change': () => renderChangeMarkdown(changeDocument(takenBack, ['line 7 was skipped'])),
  'history-change-cut-off': () => renderChangeMarkdown(changeDocument(cutShort, [])),
  policies: () => renderPoliciesMarkdown(policiesDocument(shop)),
  'policies-awkward': () => renderPoliciesMarkdown(policiesDocument(awkward)),
  'policies-none': () => renderPoliciesMarkdown(policiesDocument(bare)),
  'verify-backend': () => renderVerifyBackendMarkdown(one),
  'verify-backends': () => renderVerifyBackendMarkdown(several),
  'verify-backend-interrupted': () => renderVerifyBackendMarkdown(cutOff),
  'verify-listen-through': () => renderListenMarkdown(heard.through),
  'verify-listen-elsewhere': () => renderListenMarkdown(heard.elsewhere),
  'verify-listen-nothing': () => renderListenMarkdown(heard.nothing),
  'verify-listen-many': () => renderListenMarkdown({ ...heard.many, connections }),
  'verify-capture-mixed': () => capture('mixed'),
  'verify-capture-elsewhere': () => capture('elsewhere'),
};

describe.each(Object.entries(pages))('%s as Markdown', (name, page) => {
  test('looks as its golden file', () => {
    expectMarkdownGolden(name, page());
  });

  test('has whole tables, and nothing that GitHub would act on', async () => {
    await expectSafe(page());
  });

  test('begins with a heading and ends in one newline', () => {
    expect(page()).toMatch(/^### \S.*\n/);
    expect(page()).toMatch(/[^\n]\n$/);
  });
});

describe('names from outside', () => {
  const [result] = one.results;
  const [connection] = connections;
  if (result === undefined || connection === undefined) throw new Error('the fixtures have results');
  /** A run of which every text is from outside. */
  const runOf = (name: string) => ({
    ...takenBack,
    changeId: name,
    plan: { ...takenBack.plan, endpoint: name, caller: { accountId: name, arn: name }, tool: name },
    holder: { pid: 1, host: name },
    error: { code: name, message: name },
    guard: {
      probes: [name],
      checks: (takenBack.guard?.checks ?? []).slice(0, 1).map((check) => ({
        ...check,
        probe: name,
        target: name,
        seen: name,
      })),
    },
  });
  const all = (name: string): readonly string[] => [
    renderChangeMarkdown(changeDocument(runOf(name), [name])),
    renderHistoryMarkdown(
      historyDocument({ changes: [{ ...runOf(name), liveness: 'over' }], warnings: [name], older: true }),
    ),
    renderPoliciesMarkdown(
      policiesDocument({
        ...shop,
        name,
        policies: [{ name, type: name, attributes: [{ name, value: name }] }],
      }),
    ),
    renderVerifyBackendMarkdown({
      ...one,
      results: [
        {
          ...result,
          target: name,
          address: name,
          seenFrom: name,
          reason: name,
          advice: name,
          notes: [name],
          evidence: result.evidence.slice(0, 1).map((evidence) => ({
            ...evidence,
            what: name,
            sent: { bytes: 1, text: name, hex: '' },
            received: { bytes: 1, text: name, hex: '' },
          })),
        },
      ],
    }),
    renderListenMarkdown({
      ...heard.many,
      connections: [{ ...connection, from: name, text: `x${name}`, reason: name, notes: [name] }],
    }),
  ];
  const outlines = all('web').map((page) => takeApart(page).outline);

  test.each(hostileNames.filter((name) => name.trim() !== '').map((name) => [name]))(
    '%j changes nothing but the text',
    async (name) => {
      const made = await Promise.all(all(name).map(expectSafe));
      expect(made.map(({ outline }) => outline)).toEqual(outlines);
      const read = printable(name).replaceAll('|', String.raw`\u007c`);
      for (const { spans } of made) expect(spans.some((span) => span.includes(read))).toBe(true);
    },
  );
});

describe('a page of limited size', () => {
  const many = Array.from({ length: 3000 }, (_, index) => ({
    ...takenBack,
    changeId: `c-${index}`,
    liveness: 'over' as const,
  }));

  test('holds as many changes as fit, and counts the others', async () => {
    const text = renderHistoryMarkdown(historyDocument({ changes: many, warnings: [], older: false }));
    expect(sizeOf(text)).toBeLessThan(65_536);
    await expectSafe(text);
    const shown = text.match(/^\| `c-/gm)?.length ?? 0;
    const [, left] = /(\d+) older ones are left out/.exec(text) ?? [];
    expect(shown).toBeGreaterThan(50);
    expect(shown + Number(left)).toBe(3000);
  });

  test('holds as many connections of a capture as fit, keeps no more, and counts the others', () => {
    const page = capturePage();
    const [connection] = connections;
    if (connection === undefined) throw new Error('there is a connection');
    for (let count = 0; count < 5000; count++) page.add({ ...connection, from: `10.0.0.8:${count}` });
    const text = page.render(captured.mixed);
    expect(sizeOf(text)).toBeLessThan(65_536);
    const shown = text.match(/^\| `10\.0\.0\.8:/gm)?.length ?? 0;
    const [, left] = /(\d+) more are left out/.exec(text) ?? [];
    expect(shown + Number(left)).toBe(5000);
  });
});
