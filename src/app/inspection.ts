import pMap from 'p-map';
import type { Tag } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import type { HeldBack } from './ports.js';

// Shared by the reads of both kinds of load balancers.

/** A read's load balancers and detail: each further detail costs calls. */
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

/** Calls at once when load balancers are read one by one, after a call for several has failed. */
const namesAtOnce = 4;

/** Milliseconds: a longer delay by the rate limit is reported. */
const longMs = 3000;

/** The result of a read by name: the existing load balancers, and why others are missing. */
export interface Named<Found> {
  /** In the order of the names. */
  readonly found: readonly Found[];
  /** By the name that was asked for. */
  readonly failures: ReadonlyMap<string, ElbProxyError>;
}

/** Reads some names in one call; if one of them makes the call fail, one call per name. */
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

/** Finds one by name; the service ignores the letter case of names. */
export function ofName<Found extends { readonly name: string }>(
  all: readonly Found[],
  name: string,
): Found | undefined {
  return (
    all.find((one) => one.name === name) ?? all.find((one) => one.name.toLowerCase() === name.toLowerCase())
  );
}

/** The load balancers of a page that have the requested tags, with their tags; the whole page if none are requested. */
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

/** The names on all pages that `having` keeps. */
export async function namesOn<Found extends { readonly name: string }>(
  pages: AsyncIterable<readonly Found[]>,
  having: (page: readonly Found[]) => Promise<readonly Found[]>,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of pages) names.push(...(await having(page)).map(({ name }) => name));
  return names;
}

/** Reports that the rate limit delays calls, if the delay is long; returns whether it did. */
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

/** Whether the service does not find a load balancer, or no longer does. */
export function isNotFound(error: unknown): error is ElbProxyError {
  return error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound';
}
