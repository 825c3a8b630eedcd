/** A comment on GitHub may have 65,536 characters; the rest is left for text around it. */
export const commentLimit = 64_000;

/** The most bytes that GitHub shows of one step's summary. */
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
    // A piece that is too large for the page by itself takes no room from later ones; twice, because some are skipped.
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
  /** Said, but not in their richest form. */
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

/**
 * The pieces in their order: each in the richest form that leaves those behind it room for a line each, then lines, and
 * what there is no room for is left.
 */
export function fit<T extends Piece>(pieces: readonly T[], room: number): Fitted<T> {
  const texts: string[] = [];
  const shortened: T[] = [];
  let used = 0;
  let behind = pieces.reduce((sum, piece) => sum + briefSize(piece), 0);
  for (const [index, piece] of pieces.entries()) {
    behind -= briefSize(piece);
    const form = piece.forms.findIndex((text, nth) => {
      const needed = nth === piece.forms.length - 1 ? 0 : behind;
      return text !== undefined && used + sizeOf(text) + gap + needed <= room;
    });
    const text = piece.forms[form];
    if (text === undefined) return { texts, shortened, left: pieces.slice(index) };
    if (form > 0) shortened.push(piece);
    texts.push(text);
    used += sizeOf(text) + gap;
  }
  return { texts, shortened, left: [] };
}

/** A piece that can't be said at all needs more than any page has. */
function briefSize({ forms }: Piece): number {
  const brief = forms.at(-1);
  return brief === undefined ? Number.MAX_SAFE_INTEGER : sizeOf(brief) + gap;
}
