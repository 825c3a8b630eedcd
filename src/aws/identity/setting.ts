import type { Environment } from '../environment.js';
import { plainText } from '../plain-text.js';
import { invalidSetting } from './failures.js';
import type { Entry, Section } from './ini.js';

/** The profile in use, as both shared files have it. */
export interface Profile {
  readonly name: string;
  /** What named it; undefined for the default profile, which need not exist. */
  readonly chosenBy?: '--profile' | 'AWS_DEFAULT_PROFILE' | 'AWS_PROFILE' | undefined;
  readonly keys: Section;
}

/** A value, and where it was written, for messages: a variable's name, or a profile's key with its file and line. */
export interface Setting {
  readonly value: string;
  readonly from: string;
}

/** The sources of a setting. */
export interface Scope {
  readonly env: Environment;
  readonly profile: Profile;
}

/** A setting by the AWS CLI's order: a variable that is set, even to nothing, goes before the profile's key. */
export function settingOf(
  { env, profile }: Scope,
  variable: string | undefined,
  key: string | undefined,
): Setting | undefined {
  const value = variable === undefined ? undefined : env[variable];
  if (value !== undefined && variable !== undefined) return { value, from: variable };
  return key === undefined ? undefined : keyOf(profile.keys, key, profile.name);
}

/** A key of a section that holds plain text. @throws ElbProxyError `invalid-setting` if lines are nested below it */
export function keyOf(section: Section, key: string, profile: string): Setting | undefined {
  const entry = section.get(key);
  if (entry === undefined) return undefined;
  const from = originOf(entry, key, profile);
  if (typeof entry.value === 'string') return { value: entry.value, from };
  throw invalidSetting(`${from} has lines below it where a value belongs`, `write it as ${key} = value`);
}

/** Where an entry was written. */
export function originOf({ file, line }: Entry, key: string, profile: string): string {
  return `${key} of profile ${plainText(profile)}, ${file}:${line}`;
}

/** A switch: on if the value is `true` in any letter case, off otherwise; undefined if it is not set. */
export function switchOf(scope: Scope, variable: string | undefined, key: string): boolean | undefined {
  const found = settingOf(scope, variable, key);
  return found && found.value.toLowerCase() === 'true';
}

/** A whole number. */
export function numberOf(scope: Scope, variable: string, key: string): number | undefined {
  const found = settingOf(scope, variable, key);
  if (found === undefined) return undefined;
  if (/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(found.value)) return Number(found.value.replaceAll('_', ''));
  throw invalidSetting(
    `"${plainText(found.value)}" (from ${found.from}) is not a whole number`,
    'give it in digits, or leave it out',
  );
}
