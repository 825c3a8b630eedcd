/** Characters that a long name may be broken after. */
const seams = ['-', '=', ':', ',', '/', '.', '_'];

/** Breaks words that are longer than a line, behind the last seam that leaves at least half a line, else where it is full. */
export function softBreaks(text: string, columns: number): string {
  return text.replace(/\S+/g, (word) => pieces(word, columns).join('\n'));
}

function pieces(word: string, columns: number): readonly string[] {
  if (word.length <= columns) return [word];
  const seam = Math.max(...seams.map((character) => word.lastIndexOf(character, columns - 1)));
  const end = seam + 1 >= columns / 2 ? seam + 1 : columns;
  return [word.slice(0, end), ...pieces(word.slice(end), columns)];
}
