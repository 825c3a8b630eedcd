import { access, chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../journal/make-directory.js';

/** Where load balancers were seen. */
export interface Place {
  readonly region: string;
  /** The custom endpoint, if any. */
  readonly endpoint?: string | undefined;
}

interface SeenPlace extends Place {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly names: readonly string[];
}

const file = 'completion-names.json';

/** Names older than this are not offered any more. */
const longestMs = 60 * 60 * 1000;
const mostPlaces = 50;
const mostNames = 1000;
/** Names that are as they were, and were written within this time, are not written again. */
const freshMs = 60 * 1000;

/** What the service takes for a name. Nothing else is kept: what a shell completes must be no syntax of it. */
const realName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/;

/**
 * Remembers the names that `status` saw, for completion on this machine. Never rejects: a cache that can't be written
 * is no reason for a command to fail.
 *
 * @param whole whether these are all that the place has; else they are added to those known
 */
export async function rememberNames(
  directory: string,
  seen: readonly (Place & { readonly names: readonly string[] })[],
  { whole, now }: { readonly whole: boolean; readonly now: number },
): Promise<void> {
  const known = await readPlaces(directory, now);
  const fresh = seen.map(({ region, endpoint, names }) => {
    const before = whole ? [] : (known.find((place) => samePlace(place, { region, endpoint }))?.names ?? []);
    const kept = [...new Set([...names, ...before])].filter((name) => realName.test(name));
    return { region, endpoint, at: now, names: kept.slice(0, mostNames) };
  });
  if (fresh.every((place) => known.some((before) => isFresh(before, place)))) return;
  const others = known.filter((place) => !fresh.some((other) => samePlace(place, other)));
  const places = [...fresh, ...others].filter(({ names }) => names.length > 0).slice(0, mostPlaces);
  try {
    await makeStateDirectory(directory);
    const path = join(directory, file);
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, places })}\n`, {
      mode: 0o600,
      fsync: false,
    });
    // An older file keeps its mode otherwise.
    await chmod(path, 0o600);
  } catch {
    // Completion goes without.
  }
}

/**
 * The names that were seen within the hour, in alphabetical order: of the region, or of every region where none is
 * given; of the endpoint, and without one of AWS's own if anything was seen there.
 */
export async function knownNames(
  directory: string,
  {
    region,
    endpoint,
    now,
  }: { readonly region: string | undefined; readonly endpoint: string | undefined; readonly now: number },
): Promise<readonly string[]> {
  const places = (await readPlaces(directory, now)).filter(
    (place) => region === undefined || place.region === region,
  );
  const there = places.filter((place) => place.endpoint === endpoint);
  const chosen = endpoint === undefined && there.length === 0 ? places : there;
  return [...new Set(chosen.flatMap(({ names }) => names))].toSorted();
}

/** Below the home directory all of the way is made; a directory of the user's own choice only where its parent is. */
async function makeStateDirectory(directory: string): Promise<void> {
  if (!directory.endsWith(join('.local', 'state', 'elb-proxy'))) await access(dirname(directory));
  await makeDirectory(directory);
}

function samePlace(a: Place, b: Place): boolean {
  return a.region === b.region && a.endpoint === b.endpoint;
}

/** Whether what is known of a place is what was seen now, and a moment old. */
function isFresh(known: SeenPlace, seen: SeenPlace): boolean {
  return (
    samePlace(known, seen) &&
    seen.at - known.at < freshMs &&
    known.names.length === seen.names.length &&
    seen.names.every((name) => known.names.includes(name))
  );
}

/** Whatever is in the file, only what has the right shape and age comes out of it. */
async function readPlaces(directory: string, now: number): Promise<readonly SeenPlace[]> {
  try {
    const data: unknown = JSON.parse(await readFile(join(directory, file), 'utf8'));
    const places: unknown = isRecord(data) ? data['places'] : undefined;
    return (Array.isArray(places) ? places : [])
      .filter((place: unknown) => isRecord(place))
      .flatMap(({ region, endpoint, at, names }) => {
        if (typeof region !== 'string' || typeof at !== 'number' || !Array.isArray(names)) return [];
        if (at > now || now - at > longestMs) return [];
        const real = names.filter((name): name is string => typeof name === 'string' && realName.test(name));
        return [{ region, endpoint: typeof endpoint === 'string' ? endpoint : undefined, at, names: real }];
      });
  } catch {
    return [];
  }
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null;
}
