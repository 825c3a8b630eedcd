import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Agent as HttpAgent } from 'node:http';
import type { AgentOptions, Agent as HttpsAgent } from 'node:https';
import { ElbProxyError, reasonOf } from '../../errors.js';
import { plainText } from '../plain-text.js';
import type { Timeouts } from '../timeouts.js';
import { expandHome } from './expand-path.js';
import { invalidSetting } from './failures.js';
import { type ProxySetting, proxyFor } from './proxy-settings.js';
import { type Scope, type Setting, settingOf } from './setting.js';

/** The settings of the SDK's HTTP handler. */
export interface HandlerSettings {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
  readonly logger: typeof silence;
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent | AgentOptions;
}

/** How to use this machine's network: through which proxy, trusting which certificates. */
export interface Connections {
  /**
   * For a client of the SDK; its calls reject with `invalid-setting` if their proxy can't be used.
   * @throws ElbProxyError `invalid-setting` if the certificates can't be read and https is spoken
   */
  readonly handler: (endpoint: string | undefined, timeouts: Timeouts) => HandlerSettings;
  /** The proxy that a URL is asked by. */
  readonly proxyFor: (url: string) => ProxySetting | undefined;
  /** An agent for requests of our own in plain http; undefined for Node.js's. */
  readonly httpAgent: HttpAgent | undefined;
  readonly caBundle: Setting | undefined;
}

/** The most connections to one host at a time, as the SDK has it. */
const maxSockets = 50;

/**
 * Settles proxy and certificates by the AWS CLI's rules: AWS_CA_BUNDLE, the profile's `ca_bundle`, REQUESTS_CA_BUNDLE,
 * each taking the place of the certificates that come with the program; proxies by {@link proxyFor}.
 */
export async function connectionsIn(scope: Scope): Promise<Connections> {
  const { env } = scope;
  const caBundle = caBundleIn(scope);
  const read = caBundle && (await readCertificates(caBundle, expandHome(caBundle.value, env)));
  const byProxy = (url: string) => checkedProxy(proxyFor(url, env));
  const proxied = proxyFor('https://host.invalid', env) ?? proxyFor('http://host.invalid', env);
  const trust = (): { readonly ca?: string } => {
    if (read instanceof ElbProxyError) throw read;
    return read === undefined ? {} : { ca: read };
  };
  const agentOf = proxied && (await import('./proxied-agent.js')).proxiedAgent;
  return {
    handler: (endpoint, { connect, request }) => {
      const common = {
        connectionTimeout: connect,
        requestTimeout: request,
        throwOnRequestTimeout: true,
        logger: silence,
      } as const;
      const options = {
        keepAlive: true,
        maxSockets,
        // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
        rejectUnauthorized: true,
        ...(endpoint?.startsWith('http:') ? {} : trust()),
      };
      if (agentOf !== undefined) {
        const agent = agentOf(options, (url) => byProxy(endpoint ?? url));
        return { ...common, httpAgent: agent, httpsAgent: agent };
      }
      return { ...common, httpsAgent: options };
    },
    proxyFor: byProxy,
    httpAgent: agentOf?.({}, byProxy),
    caBundle,
  };
}

/** An empty AWS_CA_BUNDLE makes the AWS CLI trust every certificate; here it means none of the user's. */
function caBundleIn(scope: Scope): Setting | undefined {
  const own = settingOf(scope, 'AWS_CA_BUNDLE', 'ca_bundle');
  const found = own ?? settingOf(scope, 'REQUESTS_CA_BUNDLE', undefined);
  return found?.value === '' ? undefined : found;
}

/** The certificates, or why there are none: that matters only once https is spoken. */
async function readCertificates({ from }: Setting, path: string): Promise<string | ElbProxyError> {
  const failed = (why: string, cause?: unknown) =>
    invalidSetting(
      `the certificates in ${plainText(path)} (from ${from}) can't be used: ${why}`,
      'name a file of certificates in PEM form there, or leave it out to use the usual ones',
      cause,
    );
  try {
    const text = await readFile(path, 'latin1');
    if (!/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text))
      return failed('the file holds no certificate in PEM form');
    const at = firstUnreadable(text);
    return at === undefined ? text : failed(`certificate number ${at} in it can't be read`);
  } catch (error) {
    return failed(reasonOf(error), error);
  }
}

/** Node.js ignores the first part that it can't read, and everything after it; the AWS CLI refuses the file. */
function firstUnreadable(text: string): number | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  const at = blocks.findIndex((block) => {
    try {
      return new X509Certificate(block).serialNumber === undefined;
    } catch {
      return true;
    }
  });
  return at < 0 ? undefined : at + 1;
}

function checkedProxy(proxy: ProxySetting | undefined): ProxySetting | undefined {
  if (proxy === undefined) return undefined;
  const scheme = /^http:\/\/([a-z][a-z\d+.-]*):\/\//i.exec(proxy.url)?.[1];
  if (scheme === undefined && URL.canParse(proxy.url)) {
    const { username, password } = new URL(proxy.url);
    if (!/%(?![\da-f]{2})/i.test(username + password)) return proxy;
    throw invalidSetting(
      `the proxy from ${proxy.from} has a user name or a password with a "%" that is not part of an escape`,
      'write it there as %25',
    );
  }
  throw invalidSetting(
    `the proxy from ${proxy.from} ${scheme === undefined ? 'is not a URL' : `has the scheme ${plainText(scheme, 40)}, and only http and https can be used`}`,
    'give it as http://host:port, or leave it out',
  );
}

const nothing = () => undefined;

/** The SDK warns on the console by itself (two sources of credentials, busy sockets); what matters is in our errors. */
export const silence = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
