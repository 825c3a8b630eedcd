/** Longer than any name that a service takes; what is longer was made to fill the page. */
const longest = 1024;

/**
 * Text from outside as Markdown code: there nothing in it is a link, a mention, an issue, HTML or emphasis, neither to
 * the parser nor to what GitHub does to the page afterwards.
 *
 * A bar is written as an escape: it would end a table's cell in code, too, and how a backslash before it is read
 * depends on the parser.
 */
export function codeSpan(text: string): string {
  if (text === '') return '(empty)';
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
  const shown = cut.replaceAll('|', String.raw`\u007c`);
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  // The parser takes these spaces off again, but not off blanks alone; without them a backtick at the edge would join
  // the fence.
  const pad = /^[` ]|[` ]$/.test(shown) && /[^ ]/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Several, with commas between. */
export function codeSpans(texts: readonly string[]): string {
  return texts.map((text) => codeSpan(text)).join(', ');
}
