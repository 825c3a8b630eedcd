import { stateDirectory } from '../../journal/state-directory.js';
import type { Context } from '../context.js';
import { knownNames, knownParts } from './completion-names.js';

/** The place whose names are completed: from the typed options, else from the environment. */
export interface Place {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
}

/** A word that fits, and what it is. */
export interface Suggestion {
  readonly word: string;
  readonly about?: string | undefined;
}

/** Sources on this machine; none of them makes a call. */
export interface CompletionSources {
  /** Names that status saw within the hour. */
  readonly loadBalancers: (place: Place) => Promise<readonly string[]>;
  /** Instance ports that status saw within the hour: of these load balancers, or of all if none is named. */
  readonly ports: (place: Place, names: readonly string[]) => Promise<readonly number[]>;
  /** Target groups, likewise. */
  readonly targetGroups: (place: Place, names: readonly string[]) => Promise<readonly string[]>;
  /** Changes, newest first. */
  readonly changes: () => Promise<readonly Suggestion[]>;
  readonly regions: () => Promise<readonly string[]>;
  /** Profiles of the AWS configuration. */
  readonly profiles: () => Promise<readonly string[]>;
}

/** A shell inserts the word unquoted, so it must not be shell syntax. */
const safe = /^[A-Za-z0-9_.:@+,-]+$/;

/** The sources of this user on this machine; each is read when it is asked for. */
export function completionSources({ io, clock, journal }: Context): CompletionSources {
  const { env } = io;
  const directory = stateDirectory(env);
  const environmentRegion = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;
  const here = ({ region, endpoint }: Place) => ({
    region: region ?? environmentRegion,
    endpoint:
      endpoint ?? (env['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING'] || env['AWS_ENDPOINT_URL'] || undefined),
    now: clock.now().getTime(),
  });
  return {
    loadBalancers: async (place) => knownNames(directory, here(place)),
    ports: async (place, names) => {
      const parts = await knownParts(directory, names, here(place));
      return [...new Set(parts.flatMap(({ ports = [] }) => ports))].toSorted((a, b) => a - b);
    },
    targetGroups: async (place, names) => {
      const parts = await knownParts(directory, names, here(place));
      return [...new Set(parts.flatMap(({ groups = [] }) => groups))].toSorted();
    },
    changes: async () => {
      const { history } = await import('../../app/history.js');
      const { changeWords } = await import('../../app/change-words.js');
      const { changes } = await history(await journal(), 'newest');
      return changes.map((change) => ({
        word: change.changeId,
        about: `${changeWords(change)}, ${change.undoneBy === undefined ? change.outcome : 'undone'}`,
      }));
    },
    regions: async () => {
      const { regionsBeside } = await import('../../aws/regions.js');
      return regionsBeside(environmentRegion ?? 'us-east-1');
    },
    profiles: async () => {
      const { readSharedConfig } = await import('../../aws/identity/shared-config.js');
      const { profiles } = await readSharedConfig(env);
      return [...profiles.keys()].filter((name) => safe.test(name)).toSorted();
    },
  };
}
