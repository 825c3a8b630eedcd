import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, reasonOf } from '../../../errors.js';
import type { Environment } from '../../environment.js';
import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import { keysFrom } from './keys-from.js';
import { requestText } from './request-text.js';
import type { Found, Sources } from './source.js';

/** Hosts, besides this machine's own addresses, that may be asked in plain http. */
const hosts = ['169.254.170.2', '169.254.170.23', 'fd00:ec2::23', 'localhost'];
const attempts = 3;
const betweenAttempts = 1000;

/** The role of a container (ECS, EKS Pod Identity), where its variables are set; never through a proxy, as in the AWS CLI. */
export function containerKeys({ env }: Sources): Found | undefined {
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const full = env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (relative === undefined && full === undefined) return undefined;
  const from =
    relative === undefined ? 'AWS_CONTAINER_CREDENTIALS_FULL_URI' : 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
  const url = relative === undefined ? (full ?? '') : `http://169.254.170.2${relative}`;
  const failed = (why: string, cause?: unknown) =>
    noCredentials(
      `the container's credentials (from ${from}) could not be obtained: ${why}`,
      `check ${from}, or unset it; the AWS CLI would stop here, too`,
      cause,
    );
  if (!URL.canParse(url)) throw failed('it is not a URL');
  const { protocol, hostname } = new URL(url);
  if (!['http:', 'https:'].includes(protocol)) throw failed('it is not an http or https URL');
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (protocol === 'http:' && !isLoopback(host) && !hosts.includes(host))
    throw failed(
      `${plainText(host)} is neither this machine nor one of ${hosts.join(', ')}, and only https may go elsewhere`,
    );
  return { from, fetch: async () => keysFrom(await answerOf(url, env, failed), 'Token', failed) };
}

type Failed = (why: string, cause?: unknown) => Error;

async function answerOf(url: string, env: Environment, failed: Failed): Promise<object> {
  const authorization = await authorizationIn(env, failed);
  const headers = { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) };
  for (let attempt = 1; ; attempt++) {
    const outcome = await requestText(url, { headers, timeout: 2000 }).catch((error: unknown) => error);
    let why = messageOf(outcome);
    if (!(outcome instanceof Error) && typeof outcome === 'object' && outcome !== null) {
      const { status, text } = outcome as { readonly status: number; readonly text: string };
      const answer = status === 200 ? parsed(text) : undefined;
      if (answer !== undefined) {
        for (const name of ['Token', 'Expiration'] as const)
          if (!(name in answer)) throw failed(`its answer has no ${name}`);
        return answer;
      }
      why = status === 200 ? 'its answer is not a JSON object' : `it answered HTTP ${status}`;
    }
    if (attempt === attempts) throw failed(`${why} (${attempts} attempts)`, outcome);
    await sleep(betweenAttempts);
  }
}

async function authorizationIn(env: Environment, failed: Failed): Promise<string | undefined> {
  const file = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token =
    file === undefined
      ? env['AWS_CONTAINER_AUTHORIZATION_TOKEN']
      : await readFile(file, 'utf8').catch((error: unknown) => {
          throw failed(
            `${plainText(file)} (from AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) can't be read: ${reasonOf(error)}`,
            error,
          );
        });
  if (token !== undefined && /[\r\n]/.test(token))
    throw failed(
      `the token from ${file === undefined ? 'AWS_CONTAINER_AUTHORIZATION_TOKEN' : plainText(file)} has more than one line`,
    );
  return token;
}

function parsed(text: string): object | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
