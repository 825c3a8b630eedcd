/** Valid in JSON, but a terminal would act on them: DEL, the C1 controls, format characters, line separators. */
const terminalControls = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A document as JSON: two spaces, one newline at the end. Keys keep the document's own order, absent values are
 * left out. Characters that a terminal would act on are written as a `\u` escape, which is the same value to a parser.
 */
export function toJson(document: object): string {
  const json = JSON.stringify(document, null, 2);
  return `${json.replace(terminalControls, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index++) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
