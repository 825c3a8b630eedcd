import { expect } from 'vitest';

/** Our own tags; any other `<` outside code is somebody else's HTML. */
const ownTags = /<\/?(?:details|summary|sub|br)>/g;

/** What the lines of our Mermaid pictures may look like; labels are letters, digits and entity codes. */
const label = String.raw`"(?:[A-Za-z0-9 ()-]|#\d+;|<br/>)*"`;
const mermaidLine = new RegExp(
  [
    'flowchart TB',
    String.raw`  subgraph s\d\[${label}\]`,
    '    direction LR',
    String.raw`    s\dc\(\["clients"\]\)`,
    String.raw`    s\dp\d+l\d+\[${label}\]`,
    String.raw`    s\dc --> s\dp\d+l\d+ --> s\dp\d+`,
    String.raw`    s\dp\d+\["instance port \d+"\] --- s\dp\d+q\[${label}\]`,
    '  end',
    String.raw`  s\d --> s\d`,
  ]
    .map((line) => `^${line}$`)
    .join('|'),
);

/** A page taken apart by GitHub's rules for the block and code syntax that we use. */
export interface Page {
  /** Each fenced block: its language and its lines. */
  readonly fences: readonly { readonly language: string; readonly lines: readonly string[] }[];
  /** The contents of the code spans. */
  readonly spans: readonly string[];
  /** The lines outside fences, with each code span replaced by `§`. */
  readonly text: readonly string[];
}

/** Takes a page apart; fails where a fence does not end. */
export function takeApart(markdown: string): Page {
  const fences: { language: string; lines: string[] }[] = [];
  const spans: string[] = [];
  const text: string[] = [];
  let open: { fence: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const [, fence = '', language = ''] = /^ {0,3}(`{3,})([^`]*)$/.exec(line) ?? [];
    if (open !== undefined) {
      if (fence.length >= open.fence.length && language.trim() === '') open = undefined;
      else open.lines.push(line);
    } else if (fence !== '') {
      open = { fence, lines: [] };
      fences.push({ language, lines: open.lines });
    } else {
      text.push(withoutSpans(line, spans));
    }
  }
  expect(open, 'a fence does not end').toBeUndefined();
  return { fences, spans, text };
}

/** By CommonMark: a span ends at the next run of exactly as many backticks as it began with. */
function withoutSpans(line: string, spans: string[]): string {
  let rest = line;
  let text = '';
  for (;;) {
    const run = /`+/.exec(rest);
    if (run === null) return text + rest;
    const begin = run.index + run[0].length;
    const end = [...rest.slice(begin).matchAll(/`+/g)].find((other) => other[0].length === run[0].length);
    expect(end, `a code span does not end: ${line.slice(0, 200)}`).toBeDefined();
    const content = rest.slice(begin, begin + (end?.index ?? 0));
    const padded = /^ .*[^ ].* $/s.test(content) || content.startsWith(' `');
    spans.push(padded ? content.slice(1, -1) : content);
    text += `${rest.slice(0, run.index)}§`;
    rest = rest.slice(begin + (end?.index ?? 0) + run[0].length);
  }
}

/** Nothing but what we wrote ourselves means anything on this page. */
export function expectSafe(markdown: string): Page {
  const page = takeApart(markdown);
  for (const line of page.text) {
    const shown = line.replaceAll(ownTags, ' ').replaceAll(/\\[[\]]/g, '');
    expect(shown, 'HTML, a link, a mention or an emoji').not.toMatch(/[<>&@$~^={}\\]|:\w+:|\/\/|www\./);
    expect(shown, 'a link or an image').not.toMatch(/[[\]]/);
    expect(shown.replace(/^#{3,4} /, ''), 'a heading, or an issue').not.toContain('#');
    expect(shown, "a commit's hash").not.toMatch(/\b[\da-f]{7,}\b/);
    expect(shown.replaceAll('**', '').replaceAll('--- |', ''), 'emphasis').not.toMatch(/[*_]/);
  }
  expectTables(page);
  for (const { language, lines } of page.fences) {
    if (language === 'mermaid') for (const line of lines) expect(line).toMatch(mermaidLine);
  }
  expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  return page;
}

/** Each row has as many cells as its table's heading, in code as well: a bar ends a cell there, too. */
function expectTables({ text, spans }: Page): void {
  for (const span of spans) expect(span).not.toContain('|');
  let cells: number | undefined;
  for (const line of text) {
    if (!line.startsWith('|')) {
      cells = undefined;
      continue;
    }
    const here = line.split('|').length;
    cells ??= here;
    expect(here, line).toBe(cells);
  }
}
