/** Control and format characters (they hide or reorder text), line and paragraph separators, half surrogate pairs. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeText(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) return `\\u{${code.toString(16)}}`;
    return short[character] ?? `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

function escapeData(value: unknown): unknown {
  if (typeof value === 'string') return escapeText(value);
  if (Array.isArray(value)) return value.map(escapeData);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapeText(key), escapeData(item)]));
}

/**
 * The same data with every character in it that could move a cursor, colour, hide or reorder text written as an
 * escape (`\u001b`). Every text renderer puts its whole input through this first: names and messages come from
 * the network or from files.
 */
export function printable<T>(data: T): T {
  return escapeData(data) as T;
}
