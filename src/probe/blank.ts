/** Whether bytes are text that may be compared line by line; a binary greeting holds line breaks by chance. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}

/** Text without what differs from connection to connection: times, long numbers, random identifiers. */
export function blank(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?!\d)/g, '~')
      // Dovecot's "(0.001 + 0.000 secs)".
      .replaceAll(/\b\d+\.\d{3,}\b|\b\d+(?:\.\d+)? ?(?:ms|secs?|seconds)\b/g, '~')
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '~')
      // An XMPP stream's, whatever it is made of.
      .replaceAll(/\bid=(["'])[^"'<>]*\1/g, 'id=~')
      .replaceAll(/[A-Za-z0-9+/_]{8,}=*/g, (word) => (isRandom(word) ? '~' : word))
      .replaceAll(/\d{4,}/g, '~')
  );
}

/** The lines of a text in their order, blanked, each once where it is repeated: how often is a matter of what was said. */
export function blankLines(bytes: Uint8Array): string {
  const lines = blank(bytes).split(/\r?\n/);
  return lines.filter((line, index) => line !== lines[index - 1]).join('\n');
}

/** Letters with several digits among them, or with capitals here and there. */
function isRandom(word: string): boolean {
  const digits = word.match(/\d/g)?.length ?? 0;
  if (digits >= 2 && digits < word.length) return true;
  const humps = word.match(/[a-z][A-Z]/g)?.length ?? 0;
  return humps >= 3 && humps * 5 >= word.length;
}
