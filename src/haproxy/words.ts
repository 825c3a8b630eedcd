/** Characters that could end a comment's line, hide text in it or reorder it. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** How much of a name or a path is shown; the service's own limits are far below it. */
const longest = 120;

/** Letters, digits and signs that mean nothing to HAProxy's parser, which knows no other word as it is. */
const plain = /^[\w.,:;/@%+=*[\]-]+$/;

/**
 * Text from the API as part of a comment: always one line, since a line feed would start a directive.
 * Control, format and unassigned characters are written as escapes (`\u{a}`), and the length is bounded.
 */
export function commentText(text: string): string {
  const escaped = text.replace(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  if (escaped.length <= longest) return escaped;
  // Half of a surrogate pair must not be left at the cut.
  return `${escaped.slice(0, longest - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

/** Comment lines, indented by four blanks inside a section. */
export function comments(texts: readonly string[], indent: '' | '    ' = '    '): readonly string[] {
  return texts.map((text) => `${indent}# ${text}`.trimEnd());
}

/**
 * A text as one word of the configuration. Inside single quotes nothing is interpreted, not even a dollar, a hash or
 * a backslash; a single quote itself goes outside them, behind a backslash (configuration manual, section 2.2).
 *
 * @throws RangeError for control characters: no line feed can be written between single quotes
 */
export function quotedWord(text: string): string {
  if (/\p{Cc}/u.test(text))
    throw new RangeError('a word of an HAProxy configuration has no control characters');
  if (plain.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A name for a section, of the characters that HAProxy allows in names; all others become underscores. */
export function sectionName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/gu, '_').slice(0, 64) || '_';
}
