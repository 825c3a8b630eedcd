import { isIPv6 } from 'node:net';
import { ElbProxyError } from '../../errors.js';
import { plainText } from '../plain-text.js';
import { invalidSetting } from './failures.js';
import type { AwsService } from './services.js';
import { keyOf, type Scope, type Setting, switchOf } from './setting.js';
import type { SharedConfig } from './shared-config.js';

/** A custom endpoint and the setting it came from, for messages. */
export interface Endpoint {
  readonly url: string;
  /** As the user knows it: `--endpoint-url`, a variable's name, or a key of the profile. */
  readonly source: string;
}

/** The variable that sets the endpoint of one service. */
export function variableOf(service: AwsService): string {
  return `AWS_ENDPOINT_URL_${service.toUpperCase()}`;
}

/**
 * The custom endpoint of a service, in the AWS CLI's order: the flag, the service's variable, the variable for all
 * services, the profile's `services` section, the profile's `endpoint_url`; of the profile in use, whichever profile
 * the keys come from. Only the flag holds where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (or the profile) says to ignore
 * the rest.
 * @throws ElbProxyError `invalid-endpoint` when it is not an http(s) URL; the message names the source
 */
export function endpointIn(
  scope: Scope,
  shared: SharedConfig,
  service: AwsService,
  flag: string | undefined,
): Endpoint | undefined {
  const own = variableOf(service);
  // `--endpoint-url` names the load balancing API, both versions of which AWS has at one host; EC2, CloudWatch and Systems Manager are asked there, too, unless a
  // variable of their own names a place.
  const follows = ['ec2', 'cloudwatch', 'ssm'].includes(service) && !scope.env[own];
  if (flag !== undefined && (service.startsWith('elastic_load_balancing') || follows))
    return checked(flag, '--endpoint-url');
  if (switchOf(scope, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls'))
    return undefined;
  const variable = [own, 'AWS_ENDPOINT_URL'].find((name) => scope.env[name]);
  if (variable !== undefined) return checked(scope.env[variable] ?? '', variable);
  const { keys, name } = scope.profile;
  const found = ofServices(scope, shared, service) ?? keyOf(keys, 'endpoint_url', name);
  return found?.value ? checked(found.value, found.from) : undefined;
}

function ofServices(
  { profile: { keys, name } }: Scope,
  { services, paths }: SharedConfig,
  service: AwsService,
): Setting | undefined {
  const named = keyOf(keys, 'services', name);
  if (named === undefined) return undefined;
  const section = services.get(named.value);
  const title = plainText(named.value);
  if (section === undefined || section.size === 0)
    throw invalidSetting(
      `${named.from}, names the services section "${title}", which ${paths.config} ${section ? 'leaves empty' : 'does not have'}`,
      `add [services ${title}] to that file, or remove the profile's services line`,
    );
  const entry = section.get(service);
  if (entry === undefined) return undefined;
  const from = `services section "${title}" of profile ${plainText(name)}, ${entry.file}:${entry.line}`;
  if (typeof entry.value === 'string')
    throw invalidSetting(
      `${service} in ${from}, has no lines below it`,
      `write it as "${service} =", and "  endpoint_url = URL" on the next line`,
    );
  const value = entry.value.get('endpoint_url');
  return value ? { value, from } : undefined;
}

function checked(text: string, source: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.username !== '' || url.password !== '')) {
    throw invalid(`the endpoint from ${source} contains a user name or password, which the API does not use`);
  }
  // Blanks before it are passed over, as by the AWS CLI; behind it they are a part of the port or the path.
  if (!url || /\s$/.test(text) || !['http:', 'https:'].includes(url.protocol) || !isHost(url.hostname))
    throw invalid(`the endpoint "${plainText(text)}" (from ${source}) is not an http or https URL`);
  return { url: text.trimStart(), source };
}

/** A host name, as the AWS CLI has it (no underscore), or an address. */
export function isHost(name: string): boolean {
  if (name.startsWith('[')) return isIPv6(name.slice(1, -1));
  return name.length <= 255 && /^(?:(?!-)[A-Z\d-]{1,63}(?<!-)\.)*(?!-)[A-Z\d-]{1,63}(?<!-)\.?$/i.test(name);
}

function invalid(message: string): ElbProxyError {
  return new ElbProxyError(message, {
    code: 'invalid-endpoint',
    fault: 'user',
    hint: "give it as http://host:port or https://host, or leave it out to use the region's own endpoint",
  });
}
