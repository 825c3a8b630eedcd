import { access, chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../journal/make-directory.js';

/** The place where load balancers were seen. */
export interface Place {
  readonly region: string;
  /** The custom endpoint, if any. */
  readonly endpoint?: string | undefined;
}

interface SeenPlace extends Place {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly names: readonly string[];
  /** By the load balancer's name; absent if an older version wrote it. */
  readonly parts?: Readonly<Record<string, Parts>> | undefined;
}

/** The parts of a load balancer that can be named. */
export interface Parts {
  /** Instance ports. */
  readonly ports?: readonly number[] | undefined;
  /** Names of target groups. */
  readonly groups?: readonly string[] | undefined;
}

/** The names that were seen in a place. */
export type Seen = Place & Pick<SeenPlace, 'names' | 'parts'>;

const file = 'completion-names.json';

/** Names older than this are not offered any more. */
const longestMs = 60 * 60 * 1000;
const mostPlaces = 50;
const mostNames = 1000;
/** Names that are as they were, and were written within this time, are not written again. */
const freshMs = 60 * 1000;

/** A name that the service accepts. No other is kept: a completed word must not be shell syntax. */
const realName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/;

/**
 * Remembers the names that `status` saw, for completion. Never rejects: a cache must not make a command fail.
 *
 * @param whole whether these are all that the place has; else they are added to those known
 */
export async function rememberNames(
  directory: string,
  seen: readonly Seen[],
  { whole, now }: { readonly whole: boolean; readonly now: number },
): Promise<void> {
  const known = await readPlaces(directory, now);
  const fresh = seen.map(({ region, endpoint, names, parts }) => {
    const before = whole ? undefined : known.find((place) => samePlace(place, { region, endpoint }));
    const kept = [...new Set([...names, ...(before?.names ?? [])])]
      .filter((name) => realName.test(name))
      .slice(0, mostNames);
    const all = Object.entries({ ...before?.parts, ...parts }).filter(([name]) => kept.includes(name));
    return { region, endpoint, at: now, names: kept, parts: Object.fromEntries(all) };
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
 * The names seen within the hour, sorted: of the region, or of every region if none is given; of the endpoint, or of
 * every endpoint if none is given and nothing was seen at AWS's own.
 */
export async function knownNames(directory: string, where: Where): Promise<readonly string[]> {
  const names = (await placesAt(directory, where)).flatMap((place) => place.names);
  return [...new Set(names)].toSorted();
}

/** The parts of some load balancers, or of all if none is named, from where {@link knownNames} looks. */
export async function knownParts(
  directory: string,
  names: readonly string[],
  where: Where,
): Promise<readonly Parts[]> {
  return (await placesAt(directory, where)).flatMap(({ parts = {} }) =>
    Object.entries(parts).flatMap(([name, own]) => (names.length === 0 || names.includes(name) ? [own] : [])),
  );
}

/** The place and time that names are wanted for. */
interface Where {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

async function placesAt(directory: string, { region, endpoint, now }: Where): Promise<readonly SeenPlace[]> {
  const places = (await readPlaces(directory, now)).filter(
    (place) => region === undefined || place.region === region,
  );
  const there = places.filter((place) => place.endpoint === endpoint);
  return endpoint === undefined && there.length === 0 ? places : there;
}

/** Below the home directory all of the way is made; a directory of the user's own choice only where its parent is. */
async function makeStateDirectory(directory: string): Promise<void> {
  if (!directory.endsWith(join('.local', 'state', 'elb-proxy'))) await access(dirname(directory));
  await makeDirectory(directory);
}

function samePlace(a: Place, b: Place): boolean {
  return a.region === b.region && a.endpoint === b.endpoint;
}

/** Whether the saved names of a place equal the current ones and are recent. */
function isFresh(known: SeenPlace, seen: SeenPlace): boolean {
  return (
    samePlace(known, seen) &&
    seen.at - known.at < freshMs &&
    known.names.length === seen.names.length &&
    seen.names.every((name) => known.names.includes(name)) &&
    partsText(seen.parts) === partsText(known.parts)
  );
}

function partsText(parts: SeenPlace['parts'] = {}): string {
  return JSON.stringify(
    Object.entries(parts)
      .map(([name, { ports = [], groups = [] }]) => ({ name, ports, groups }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  );
}

/** The places in the file that have the right shape and age; the rest of it is ignored. */
async function readPlaces(directory: string, now: number): Promise<readonly SeenPlace[]> {
  try {
    const data: unknown = JSON.parse(await readFile(join(directory, file), 'utf8'));
    const places: unknown = isRecord(data) ? data['places'] : undefined;
    return (Array.isArray(places) ? places : [])
      .filter((place: unknown) => isRecord(place))
      .flatMap(({ region, endpoint, at, names, parts }) => {
        if (typeof region !== 'string' || typeof at !== 'number' || !Array.isArray(names)) return [];
        if (at > now || now - at > longestMs) return [];
        const where = { region, endpoint: typeof endpoint === 'string' ? endpoint : undefined };
        return [{ ...where, at, names: listOf(names, isName), parts: realParts(parts) }];
      });
  } catch {
    return [];
  }
}

function realParts(data: unknown): SeenPlace['parts'] {
  if (!isRecord(data)) return {};
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, own]) =>
      realName.test(name) && isRecord(own)
        ? [[name, { ports: listOf(own['ports'], isPort), groups: listOf(own['groups'], isName) }] as const]
        : [],
    ),
  );
}

function listOf<T>(data: unknown, isOne: (item: unknown) => item is T): readonly T[] {
  return Array.isArray(data) ? data.filter(isOne) : [];
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port);
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && realName.test(name);
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null;
}
