import { ElbProxyError } from '../errors.js';
import type { Environment } from './environment.js';
import { plainText } from './plain-text.js';
import type { Profile } from './profile.js';

/** A custom endpoint and the setting it came from, for messages. */
export interface Endpoint {
  readonly url: string;
  /** As the user knows it: `--endpoint-url`, a variable's name, or a key of the profile. */
  readonly source: string;
}

/**
 * The custom endpoint, in the order of AWS's own tools: `--endpoint-url`, the service's variable, the variable
 * for all services, the profile's `services` section, the profile's `endpoint_url`.
 * Only the flag holds when AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (or the profile) says to ignore the rest.
 * Worked out here because the SDK takes the endpoint from AWS_PROFILE's profile whatever its `profile` option says.
 * @throws ElbProxyError `invalid-endpoint` when it is no http(s) URL; the message names the source.
 */
export function endpointOf(
  flag: string | undefined,
  profile: Profile,
  env: Environment,
): Endpoint | undefined {
  const found = candidates(flag, profile, env).find(({ url }) => url !== undefined && url !== '');
  return found?.url === undefined ? undefined : checked(found.url, found.source);
}

interface Candidate {
  readonly url: string | undefined;
  readonly source: string;
}

function candidates(flag: string | undefined, profile: Profile, env: Environment): readonly Candidate[] {
  if (flag !== undefined) return [{ url: flag === '' ? ' ' : flag, source: '--endpoint-url' }];
  const ignore =
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? profile.keys['ignore_configured_endpoint_urls'] ?? 'false';
  if (ignore.toLowerCase() === 'true') return [];
  return [
    ...['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING', 'AWS_ENDPOINT_URL'].map((name) => ({
      url: env[name],
      source: name,
    })),
    {
      url: profile.services?.['elastic_load_balancing.endpoint_url'],
      source: `services section "${profile.keys['services']}" of profile ${profile.name}`,
    },
    { url: profile.keys['endpoint_url'], source: `endpoint_url of profile ${profile.name}` },
  ];
}

function checked(text: string, source: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw invalid(`the endpoint "${plainText(text)}" (from ${source}) is no http or https URL`);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      `the endpoint from ${source} carries a user name or a password, which the API has no use for`,
    );
  }
  return { url: text.trim(), source };
}

function invalid(message: string): ElbProxyError {
  return new ElbProxyError(message, {
    code: 'invalid-endpoint',
    fault: 'user',
    hint: "give it as http://host:port or https://host, or leave it out to use the region's own endpoint",
  });
}
