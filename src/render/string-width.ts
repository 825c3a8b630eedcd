import widthOf from 'fast-string-width';

/** Columns that a text takes on a terminal. Most are plain ASCII, a column each. */
export function stringWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : widthOf(text);
}
