import { setTimeout as delay } from 'node:timers/promises';
import type { CallerAnswer } from '../core/caller.js';
import { ElbProxyError, messageOf } from '../errors.js';
import { customEndpoint } from './custom-endpoint.js';
import type { Identity } from './identity/identity.js';
import { networkFailureIn } from './identity/network-failure.js';
import { plainText } from './plain-text.js';
import { sdkFields, wireCode } from './wire-code.js';

/** In milliseconds. The answer is worth a short wait only: in a network without a way to STS it never comes. */
const timeouts = { connect: 3000, request: 3000 };
const longest = 5000;

/**
 * Asks STS who acts, by the same identity as every other client. At a custom endpoint of the load balancing API, STS is
 * asked only if an endpoint is configured for it as well: keys for a clone are not shown to AWS. Never rejects.
 */
export async function askCaller(identity: Identity, given?: string): Promise<CallerAnswer> {
  try {
    const region = identity.region(given);
    const custom = customEndpoint(identity);
    if (custom !== undefined && identity.endpoint('sts') === undefined)
      return {
        why: `a custom endpoint is in use (${custom.source}) and none is set for STS (AWS_ENDPOINT_URL_STS)`,
        asked: false,
      };
    // They may take calls, and a question, of their own.
    await identity.credentials();
    const stopped = new AbortController();
    try {
      return await Promise.race([
        ask(identity, region),
        delay(
          longest,
          { why: `STS did not answer within ${longest / 1000} s`, asked: true },
          { signal: stopped.signal },
        ),
      ]);
    } finally {
      stopped.abort();
    }
  } catch (error) {
    return { why: reasonOf(error), asked: true };
  }
}

async function ask(identity: Identity, region: string): Promise<CallerAnswer> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...identity.client('sts', region, timeouts), maxAttempts: 2 });
  try {
    const { Account: accountId, Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
    if (accountId === undefined || arn === undefined || !/^\d{12}$/.test(accountId))
      return { why: 'the answer from STS names no account', asked: true };
    return { caller: { accountId, arn: plainText(arn, 2048) } };
  } finally {
    client.destroy();
  }
}

function reasonOf(error: unknown): string {
  const text = plainText(messageOf(error), 200).replace(/\.$/, '');
  if (error instanceof ElbProxyError) return text;
  const network = networkFailureIn(error);
  if (network !== undefined) return `STS GetCallerIdentity failed: ${network.what}`;
  const code = wireCode(error) ?? sdkFields(error).code;
  return `STS GetCallerIdentity failed: ${text || 'no reason was given'}${code === undefined ? '' : ` (${plainText(code, 60)})`}`;
}
