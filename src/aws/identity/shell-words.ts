/**
 * The words of a line as Python's `shlex.split` gives them, which the AWS CLI reads section names and `credential_process`
 * with. Undefined if a quote is not closed, or nothing follows a last backslash.
 */
export function shellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === "'" || (quote === '"' && char !== '\\')) {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '\\') {
      const next = line.charAt(++at);
      if (next === '') return undefined;
      word = (word ?? '') + (quote !== '' && next !== '"' && next !== '\\' ? `\\${next}` : next);
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}
