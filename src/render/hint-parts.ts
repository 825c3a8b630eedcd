/** A command's words, quoted ones whole. Prose goes on behind it only after a `;` or a `,`. */
const command =
  /(?<=^|: )((?:elb-proxy|aws)(?: (?:[^\s'";,]|[;,](?=\S)|'[^']*'|"(?:[^"\\]|\\.)*")+)+)([;,] |$)/;

/**
 * A hint taken apart: prose (which may be empty), a command, what parts it from the prose behind it, and so on. It ends
 * with prose. A command that must be copied begins the hint, or is behind a colon.
 */
export function hintParts(hint: string): readonly string[] {
  return hint.split(command);
}
