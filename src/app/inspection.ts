import pMap from 'p-map';
import type { Tag } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import type { HeldBack } from './ports.js';

// What reading load balancers of either kind has in common.

/** What to read, and how much of it: each further detail costs calls. */
export interface InspectionOf<Detail> {
  /** Absent: every load balancer of the region. */
  readonly names?: readonly string[] | undefined;
  readonly detail: Detail;
  /** Only load balancers that have all of these tags. */
  readonly tags?: readonly Tag[] | undefined;
  readonly emit: Emit;
  /** Called with the number of load balancers on each page, before tags leave some of them out. */
  readonly looked?: ((count: number) => void) | undefined;
}

/** Calls under way at once; the service's published bucket holds 40 and refills 10 a second. */
export const callsAtOnce = 8;

/** Load balancers that are looked for one by one, where a call for several failed. */
const namesAtOnce = 4;

/** Being held back for longer than this is said. */
const longMs = 3000;

/** Some that were asked for by name: those that are there, and why others are not. */
export interface Named<Found> {
  /** In the order of the names. */
  readonly found: readonly Found[];
  /** By the name that was asked for. */
  readonly failures: ReadonlyMap<string, ElbProxyError>;
}

/** Reads what has these names in one call; where one of them fails it for all, each on its own. */
export async function readNamed<Found>(
  asked: readonly string[],
  read: (names: readonly string[]) => Promise<readonly Found[]>,
  isMissing: (code: string) => boolean,
): Promise<{ readonly found: readonly Found[]; readonly failures: Map<string, ElbProxyError> }> {
  const failed = new Map<string, ElbProxyError>();
  const names = [...new Set(asked)];
  const readSome = async (some: readonly string[]): Promise<readonly Found[]> => {
    try {
      return await read(some);
    } catch (error) {
      const [name = '', ...more] = some;
      if (!(error instanceof ElbProxyError) || !isMissing(error.code)) throw error;
      if (more.length > 0)
        return (await pMap(some, (one) => readSome([one]), { concurrency: namesAtOnce })).flat();
      failed.set(name, error);
      return [];
    }
  };
  const found = await readSome(names);
  // In the order of the names, whichever answer came first.
  const failures = new Map(
    names.flatMap((name) => {
      const failure = failed.get(name);
      return failure === undefined ? [] : [[name, failure] as const];
    }),
  );
  return { found, failures };
}

/** The one of a name; the service takes names in any letter case. */
export function ofName<Found extends { readonly name: string }>(
  all: readonly Found[],
  name: string,
): Found | undefined {
  return (
    all.find((one) => one.name === name) ?? all.find((one) => one.name.toLowerCase() === name.toLowerCase())
  );
}

/** Those of a page that have the tags asked for, with their tags; the page as it is where none are. */
export async function havingTags<Found extends { readonly tags?: readonly Tag[] | undefined }>(
  page: readonly Found[],
  wanted: readonly Tag[] = [],
  keyOf: (found: Found) => string,
  describeTags: (keys: readonly string[]) => Promise<ReadonlyMap<string, readonly Tag[]>>,
): Promise<readonly Found[]> {
  if (wanted.length === 0 || page.length === 0) return page;
  const tags = await describeTags(page.map(keyOf));
  return page
    .map((found) => ({ ...found, tags: tags.get(keyOf(found)) }))
    .filter((found) =>
      wanted.every(({ key, value }) => found.tags?.some((tag) => tag.key === key && tag.value === value)),
    );
}

/** The names on all pages, of those that `having` leaves of each. */
export async function namesOn<Found extends { readonly name: string }>(
  pages: AsyncIterable<readonly Found[]>,
  having: (page: readonly Found[]) => Promise<readonly Found[]>,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of pages) names.push(...(await having(page)).map(({ name }) => name));
  return names;
}

/** Says that calls are held back for their rate, where that takes long; whether it was said. */
export function sayHeldBack(
  api: {
    readonly region: string;
    readonly heldBack?: ((calls: number) => HeldBack) | undefined;
  },
  calls: number,
  emit: Emit,
): boolean {
  const { ms = 0, perSecond = 0 } = api.heldBack?.(calls) ?? {};
  if (ms < longMs) return false;
  emit({ code: 'held-back', region: api.region, calls, ms, perSecond });
  return true;
}
