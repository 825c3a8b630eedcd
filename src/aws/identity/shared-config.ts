import { readFile, stat } from 'node:fs/promises';
import type { Environment } from '../environment.js';
import { expandPath } from './expand-path.js';
import { invalidSetting } from './failures.js';
import { type Ini, parseIni, type Section } from './ini.js';
import { shellWords } from './shell-words.js';

/** The two shared files, read once a run, seen as the AWS CLI sees them. */
export interface SharedConfig {
  /** Profiles of both files; a key of the credentials file goes before the config file's. */
  readonly profiles: ReadonlyMap<string, Section>;
  readonly ssoSessions: ReadonlyMap<string, Section>;
  readonly services: ReadonlyMap<string, Section>;
  /** Profiles of the config file alone, and sections of the credentials file: each is a source of keys by itself. */
  readonly inConfig: ReadonlyMap<string, Section>;
  readonly inCredentials: Ini;
  readonly paths: SharedPaths;
}

interface SharedPaths {
  readonly config: string;
  readonly credentials: string;
}

/**
 * Reads the shared files. One that is not there, or may not be read, counts as empty, as for the AWS CLI.
 * @throws ElbProxyError `invalid-setting` if the AWS CLI would not take a line
 */
export async function readSharedConfig(env: Environment): Promise<SharedConfig> {
  const paths = {
    config: expandPath(env['AWS_CONFIG_FILE'] ?? '~/.aws/config', env),
    credentials: expandPath(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '~/.aws/credentials', env),
  };
  const [config, inCredentials] = await Promise.all([readIni(paths.config), readIni(paths.credentials)]);
  const inConfig = named(config, 'profile');
  const profiles = new Map(inConfig);
  for (const [name, keys] of inCredentials)
    profiles.set(name, new Map([...(profiles.get(name) ?? []), ...keys]));
  return {
    profiles,
    ssoSessions: named(config, 'sso-session'),
    services: named(config, 'services'),
    inConfig,
    inCredentials,
    paths,
  };
}

/** Reads a file in the form of the shared ones; an empty one if it is not a file. */
export async function readIni(path: string): Promise<Ini> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  const bytes = isFile ? await readFile(path).catch(() => undefined) : undefined;
  if (bytes === undefined) return new Map();
  return parseIni(decoded(bytes, path), path);
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalidSetting(
      `${path} is not UTF-8 text, so neither this tool nor the AWS CLI reads it`,
      'write the file in UTF-8',
      cause,
    );
  }
}

/**
 * The sections of a kind by name: `[profile "my name"]`, or `[default]` for a profile. The AWS CLI looks at how the
 * header begins and takes the second of its two words; if a name is there twice, in other quotes, the last one holds.
 */
function named(ini: Ini, kind: 'profile' | 'services' | 'sso-session'): ReadonlyMap<string, Section> {
  const found = new Map<string, Section>();
  for (const [header, keys] of ini) {
    if (header.startsWith(kind)) {
      const words = shellWords(header) ?? [];
      if (words.length === 2 && words[1] !== undefined) found.set(words[1], keys);
    } else if (header === 'default' && kind === 'profile') found.set(header, keys);
  }
  return found;
}
