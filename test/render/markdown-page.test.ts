import { describe, expect, test } from 'vitest';
import { renderPlanMarkdown } from '../../src/render/markdown/plan.js';
import * as plans from './fixtures/plans.js';
import { expectSafe, takeApart } from './markdown-page.js';
import { readDrawing } from './mermaid-drawing.js';

const whole = renderPlanMarkdown(plans.enableFirst);

/** The page with one place of it written as it would be without a rule of ours. */
function broken(place: string, instead: string): string {
  expect(whole).toContain(place);
  return whole.replace(place, instead);
}

const label = 's0p0q["backend-auth<br/>second"]';

describe('the check of a page', () => {
  test('takes a whole one', async () => {
    const { drawings, spans } = await expectSafe(whole);
    expect(spans).toContain('shop-web');
    expect([...(drawings[0]?.labels ?? [])]).toEqual([
      ['s0c', 'clients'],
      ['s0p0l0', 'SSL 443'],
      ['s0p0', 'instance port 8443'],
      ['s0p0q', 'backend-auth\nsecond'],
      ['s1c', 'clients'],
      ['s1p0l0', 'SSL 443'],
      ['s1p0', 'instance port 8443'],
      ['s1p0q', 'backend-auth\nsecond\nProxyProtocol-enabled (added)'],
      ['s0', 'Before'],
      ['s1', 'After'],
    ]);
    expect(drawings[0]?.ways).toEqual([
      's0c s0p0l0',
      's0p0l0 s0p0',
      's0p0 s0p0q',
      's1c s1p0l0',
      's1p0l0 s1p0',
      's1p0 s1p0q',
      's0 s1',
    ]);
  });

  test.each([
    [
      'a bar in a name, which ends a cell in code, too',
      '| `backend-auth`<br>',
      '| `backend|auth`<br>',
      /cells of/,
    ],
    ['a row that is short of a cell', ' | 8443 | ', ' | ', /cells of/],
    ['a backtick in a name', '`shop-web` (', '`shop`web` (', /an address/],
    ['a code span over two cells', '`SSL 443` | 8443', '``SSL 443` | 8443', /an address/],
    [
      'a fence that does not end',
      '\n```\n\nIt is carried out',
      '\n\nIt is carried out',
      /fence does not end/,
    ],
    ['a mention', 'It is carried out', '@team It is carried out', /a mention/],
    ['an issue', 'It is carried out', 'See #12', /a mention/],
    ['an emoji', 'It is carried out', 'It is :tada: carried out', /an emoji/],
    ["a commit's hash", 'It is carried out', 'It is deadbeefcafe', /an address/],
    ['an address', 'It is carried out', 'www.evil.example', /a link:/],
    ['a link', 'It is carried out', '[x](https://evil.example)', /a link:/],
    ['a picture', 'It is carried out', '![x](https://evil.example)', /a image:/],
    ['emphasis', 'It is carried out', 'It _is_ carried out', /a emphasis:/],
    ['struck text', 'It is carried out', 'It ~~is~~ carried out', /a delete:/],
    ['a footnote', 'It is carried out', 'It is[^1]\n\n[^1]: carried out', /a footnoteReference:/],
    ['a check box', '- Policy', '- [ ] Policy', /a check box/],
    ['a quotation', 'It is carried out', '> It is carried out', /a blockquote:/],
    ['HTML', 'It is carried out', 'It <b>is</b> carried out', /someone else's HTML/],
    ['HTML over lines', 'It is carried out', '<script>\nalert(1)\n</script>', /someone else's HTML/],
    ['a heading', 'It is carried out', '# It is carried out', /\[ 3, 4 \]/],
    ['a cursor that moves', 'It is carried out', '\u001b[2J', /not to match/],
    ['a quotation mark in a label', label, label.replace('auth', 'a"th'), /Parse error on line/],
    ['Markdown in a label', label, 's0p0q["`**backend**`"]', /the label/],
    ['HTML in a label', label, 's0p0q["<b>backend</b>"]', /in the label/],
    ['a link in a picture', label, `${label}\nclick s0c "https://evil.example"`, /a style or a link/],
    ['a style in a picture', label, `${label}\nstyle s0c fill:red`, /a style or a link/],
    ['a box of someone else', label, `${label}\nx["y"]`, /a box that is not ours/],
    ['a word on a line', label, `${label}\ns0c -- word --> s0p0`, /word/],
    ['no picture at all', 'flowchart TB', 'flow TB', /No diagram type/],
  ] as const)('refuses %s', async (_, place, instead, why) => {
    await expect(expectSafe(broken(place, instead))).rejects.toThrow(why);
  });

  test('sees blocks that a name has added', () => {
    const { outline } = takeApart(whole);
    expect(outline).toContain('table of 2 rows and 4 columns');
    expect(takeApart(broken('It is carried out', 'It\n\nis carried out')).outline).not.toEqual(outline);
    expect(takeApart(broken('- Policy', '- x\n- Policy')).outline).not.toEqual(outline);
  });
});

test('a label is read as a browser shows it', async () => {
  const { labels } = await readDrawing('flowchart TB\n  a["#60;b#62;#38;amp;<br/>#34;#128512;"]');
  expect(labels.get('a')).toBe('<b>&amp;\n"😀');
});
