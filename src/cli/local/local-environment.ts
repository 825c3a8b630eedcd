import { shellWord } from '../../core/next-command.js';
import type { Io } from '../io.js';

/** Variables that make AWS clients talk to a local endpoint; older AWS CLIs and SDKs do not read them all. */
function endpointEnvironment(endpoint: string, region: string): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: endpoint,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoint,
    AWS_ENDPOINT_URL_EC2: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: endpoint,
    AWS_ENDPOINT_URL_SSM: endpoint,
  };
}

/** The parts of a user's own set-up that would win over the local one. */
const setAside: ReadonlySet<string> = new Set([
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
]);

/**
 * If a proxy is set, some clients (the AWS CLI, boto3) ask it for the endpoint on this machine, too, unless this
 * address is among the exceptions. `*` means all, but only by itself.
 */
function withoutProxy(env: Io['env']): Readonly<Record<string, string>> {
  const present = env['no_proxy'] || env['NO_PROXY'] || '';
  const exceptions = present === '*' ? present : [present, '127.0.0.1'].filter(Boolean).join();
  return { no_proxy: exceptions, NO_PROXY: exceptions };
}

/** The environment of a command that is to use the local endpoint. */
export function environmentFor(
  env: Io['env'],
  endpoint: string,
  region: string,
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !setAside.has(name));
  return { ...Object.fromEntries(kept), ...endpointEnvironment(endpoint, region), ...withoutProxy(env) };
}

/** Columns of a printed line, as far as its words fit. */
const columns = 79;

/**
 * The same for a shell, as lines to copy into another terminal: the very variables that {@link environmentFor} sets.
 * Variables that would win over them are unset, and a proxy is kept out, if this process has one.
 */
export function exportLines(env: Io['env'], endpoint: string, region: string): readonly string[] {
  const proxied = Object.keys(env).some((name) => /^https?_proxy$/i.test(name) && env[name]);
  const set = { ...endpointEnvironment(endpoint, region), ...(proxied ? withoutProxy(env) : {}) };
  const away = [...setAside].filter((name) => env[name]);
  return [
    ...filled(
      'export',
      Object.entries(set).map(([name, value]) => `${name}=${shellWord(value)}`),
    ),
    ...filled('unset', away),
  ];
}

function filled(command: string, words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= columns - 2) lines[lines.length - 1] = longer;
    else lines.push(`${command} ${word}`);
  }
  return lines;
}
