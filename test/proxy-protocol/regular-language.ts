/**
 * Regular expressions with derivatives (Brzozowski): what may still follow a beginning is again an expression, and when
 * nothing may, it is `none`. So a grammar that is written down as in its specification finds the first wrong byte.
 */
export type Language =
  | { readonly kind: 'none' | 'empty' }
  | { readonly kind: 'one of'; readonly characters: string }
  | { readonly kind: 'sequence'; readonly first: Language; readonly rest: Language }
  | { readonly kind: 'choice'; readonly of: readonly Language[] };

const none: Language = { kind: 'none' };
export const empty: Language = { kind: 'empty' };

/** One expression for what is written alike, so that equal choices are recognised. */
const known = new Map<string, Language>();
const names = new Map<Language, number>([none, empty].map((language, index) => [language, index]));

function unique(key: string, make: () => Language): Language {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  names.set(made, names.size);
  return made;
}

export function oneOf(characters: string): Language {
  return unique(`[${characters}]`, () => ({ kind: 'one of', characters }));
}

export function sequence(...parts: readonly Language[]): Language {
  return parts.reduceRight((rest, first) => {
    if (first === none || rest === none) return none;
    if (first === empty) return rest;
    if (rest === empty) return first;
    if (first.kind === 'sequence') return sequence(first.first, sequence(first.rest, rest));
    return unique(`${names.get(first)} ${names.get(rest)}`, () => ({ kind: 'sequence', first, rest }));
  }, empty);
}

export function choice(...of: readonly Language[]): Language {
  const flat = new Set(of.flatMap((one) => (one.kind === 'choice' ? one.of : one === none ? [] : [one])));
  const sorted = [...flat].toSorted((one, other) => names.get(one)! - names.get(other)!);
  if (sorted.length < 2) return sorted[0] ?? none;
  return unique(sorted.map((one) => names.get(one)).join('|'), () => ({ kind: 'choice', of: sorted }));
}

export function repeat(count: number, part: Language): Language {
  return sequence(...Array.from({ length: count }, () => part));
}

export function word(text: string): Language {
  return sequence(...Array.from(text, oneOf));
}

/** Whether what was read so far may be all. */
export function mayEnd(language: Language): boolean {
  switch (language.kind) {
    case 'empty':
      return true;
    case 'sequence':
      return mayEnd(language.first) && mayEnd(language.rest);
    case 'choice':
      return language.of.some(mayEnd);
    default:
      return false;
  }
}

const derivatives = new Map<Language, Map<string, Language>>();

/** What may follow behind the character; undefined when it is not allowed here. */
export function after(language: Language, character: string): Language | undefined {
  const found = derive(language, character);
  return found === none ? undefined : found;
}

function derive(language: Language, character: string): Language {
  const cache = derivatives.get(language) ?? new Map<string, Language>();
  derivatives.set(language, cache);
  const found = cache.get(character) ?? deriveAnew(language, character);
  cache.set(character, found);
  return found;
}

function deriveAnew(language: Language, character: string): Language {
  switch (language.kind) {
    case 'one of':
      return language.characters.includes(character) ? empty : none;
    case 'sequence': {
      const behind = sequence(derive(language.first, character), language.rest);
      return mayEnd(language.first) ? choice(behind, derive(language.rest, character)) : behind;
    }
    case 'choice':
      return choice(...language.of.map((one) => derive(one, character)));
    default:
      return none;
  }
}
