import { hintParts } from '../hint-parts.js';
import { codeSpan } from './code-span.js';

/** A word of a language: nothing in it means anything to Markdown, and GitHub makes no link of it. */
const plainWord = /^\p{L}+(?:[-'’]\p{L}+)*$/u;
/** A word that could be the start of a commit's hash, also between dashes. */
const hash = /(?<![\p{L}\d])[\da-f]{7,}(?![\p{L}\d])/iu;
/** A port, a count, a time. */
const plainNumber = /^\d{1,6}$/;
/** At the beginning of a line it would begin a list. */
const itemNumber = /^\d+[.)]$/;
const punctuation = /^(?<before>[(['"]*)(?<core>.*?)(?<behind>[)\]'".,;:?]*)$/su;

/**
 * A sentence with names in it, from outside or not, as Markdown text. Words and numbers stay as they are; anything that
 * could be more than a word (a name with a dot, an address, a mention, a tag) becomes code.
 */
export function prose(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, index) => (index === 0 && itemNumber.test(word) ? codeSpan(word) : proseWord(word)))
    .join(' ');
}

function proseWord(word: string): string {
  const { before = '', core = '', behind = '' } = punctuation.exec(word)?.groups ?? {};
  if (core === '') return /^[\u2192\u00B7\u2013\u2014]$/u.test(word) ? word : codeSpan(word);
  const plain = (plainWord.test(core) && !hash.test(core)) || plainNumber.test(core);
  return `${escaped(before)}${plain ? core : codeSpan(core)}${escaped(behind)}`;
}

function escaped(signs: string): string {
  return signs.replaceAll(/[[\]]/g, String.raw`\$&`);
}

/** A hint: sentences, and commands behind a colon; each command in one piece. */
export function hintWords(hint: string): string {
  const parts = hint
    .split('\n')
    .flatMap((line) =>
      hintParts(line.trim()).map((part, index) => [`${prose(part)} `, codeSpan(part), part][index % 3] ?? ''),
    );
  return parts.join('').trim();
}
