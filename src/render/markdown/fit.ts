/** What a comment on GitHub may hold is 65,536 characters; the rest is left to whoever puts something around it. */
export const commentLimit = 64_000;

/** What GitHub shows of one step's summary, in bytes. */
export const summaryLimit = 1024 * 1024;

/** Something that can be said at length or in brief. */
export interface Piece {
  /** The richest first; one that could not be kept is absent. Without the last, the briefest, it can't be said. */
  readonly forms: readonly (string | undefined)[];
}

/** Makes the forms of one piece after the other; those that can't get room any more are neither made nor kept. */
export function makeForms(
  limit: number,
): (brief: string, richer?: () => readonly string[]) => Piece['forms'] {
  let ofBrief = 0;
  let ofRicher = 0;
  return (brief, richer) => {
    ofBrief += sizeOf(brief);
    const kept = ofBrief > limit ? undefined : brief;
    if (richer === undefined) return [kept];
    // What is alone too large for the page takes no room from those behind it; twice, because some are passed over.
    if (ofRicher > 2 * limit) return [undefined, kept];
    const forms = richer();
    const size = sizeOf(forms.at(-1) ?? '');
    if (size <= limit) ofRicher += size;
    return [...forms, kept];
  };
}

/** Pieces that were given a page of limited size. */
export interface Fitted<T extends Piece> {
  readonly texts: readonly string[];
  /** Told, but not in their richest form. */
  readonly shortened: readonly T[];
  /** Not said at all. */
  readonly left: readonly T[];
}

/** UTF-8 bytes: never fewer than characters, however they are counted. */
export function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The bytes between two pieces. */
const gap = 2;

/** As many pieces as fit, in brief, in their order; then each in the richest form that there still is room for. */
export function fit<T extends Piece>(pieces: readonly T[], room: number): Fitted<T> {
  const chosen: { piece: T; form: number; size: number }[] = [];
  let used = 0;
  for (const piece of pieces) {
    const form = piece.forms.length - 1;
    const text = piece.forms[form];
    const size = text === undefined ? Number.POSITIVE_INFINITY : sizeOf(text) + gap;
    if (used + size > room) break;
    chosen.push({ piece, form, size });
    used += size;
  }
  for (const choice of chosen) {
    for (let form = 0; form < choice.form; form++) {
      const text = choice.piece.forms[form];
      if (text === undefined) continue;
      const size = sizeOf(text) + gap;
      if (used - choice.size + size > room) continue;
      used += size - choice.size;
      choice.form = form;
      choice.size = size;
    }
  }
  return {
    texts: chosen.map(({ piece, form }) => piece.forms[form] ?? ''),
    shortened: chosen.filter(({ form }) => form > 0).map(({ piece }) => piece),
    left: pieces.slice(chosen.length),
  };
}
