import { join } from 'node:path';
import { getHomeDir, loadSharedConfigFiles } from '@smithy/core/config';
import { ElbProxyError, usageError } from '../errors.js';
import type { Environment } from './environment.js';
import { plainText } from './plain-text.js';

/** Keys of one section of the shared files; a nested key is joined with a dot (`elastic_load_balancing.endpoint_url`). */
type Section = Readonly<Record<string, string | undefined>>;

/** The profile in use, as the shared config and credentials files have it. */
export interface Profile {
  readonly name: string;
  /** How it was chosen: `--profile`, `AWS_PROFILE`, or undefined for the default profile. */
  readonly chosenBy?: '--profile' | 'AWS_PROFILE' | undefined;
  /** Its keys; the config file wins over the credentials file, as in the SDK. */
  readonly keys: Section;
  /** `region`; here the SDK lets the credentials file win. */
  readonly region?: string | undefined;
  /** The `[services NAME]` section that the profile names, if it names one. */
  readonly services?: Section | undefined;
  /** Where the two files were looked for. */
  readonly files: SharedFiles;
}

/** Paths of the shared files. */
interface SharedFiles {
  readonly config: string;
  readonly credentials: string;
}

/** Reads the profile that `--profile` or AWS_PROFILE names, else the default one (which need not exist). */
export async function readProfile(flag: string | undefined, env: Environment): Promise<Profile> {
  const files = sharedFiles(env);
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    configFilepath: files.config,
    filepath: files.credentials,
  });
  if (flag?.trim() === '') throw usageError('--profile was given without a name');
  const chosenBy = flag === undefined ? (env['AWS_PROFILE'] ? 'AWS_PROFILE' : undefined) : '--profile';
  const name = flag ?? (env['AWS_PROFILE'] || 'default');
  const inConfig = configFile[name];
  const inCredentials = credentialsFile[name];
  if (!inConfig && !inCredentials && name !== 'default') throw noProfile(name, chosenBy, files);
  const keys: Section = { ...inCredentials, ...inConfig };
  const servicesName = keys['services'];
  const services = servicesName ? configFile[`services.${servicesName}`] : undefined;
  if (servicesName && !services) {
    throw new ElbProxyError(
      `profile ${plainText(name)} names the services section "${plainText(servicesName)}", which ${files.config} does not have`,
      {
        code: 'invalid-setting',
        fault: 'user',
        hint: `add [services ${plainText(servicesName)}] to that file, or take the profile's services line out`,
      },
    );
  }
  return { name, chosenBy, keys, region: inCredentials?.['region'] ?? inConfig?.['region'], services, files };
}

function sharedFiles(env: Environment): SharedFiles {
  const home = env['HOME'] || getHomeDir();
  return {
    config: env['AWS_CONFIG_FILE'] || join(home, '.aws', 'config'),
    credentials: env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials'),
  };
}

function noProfile(name: string, chosenBy: Profile['chosenBy'], files: SharedFiles): ElbProxyError {
  return new ElbProxyError(
    `there is no profile named "${plainText(name)}" (from ${chosenBy}) in ${files.config} or ${files.credentials}`,
    {
      code: 'no-profile',
      fault: 'user',
      hint: 'list the profiles there are with: aws configure list-profiles',
    },
  );
}
