import { didYouMean } from '../core/did-you-mean.js';
import { ElbProxyError } from '../errors.js';
import type { Io } from './io.js';
import type { RunSettings } from './options.js';

/** An error that a load balancer is not there, with the name that was probably meant; any other as it is. */
export async function suggestName(
  error: unknown,
  names: readonly string[],
  { regions: [region], endpointUrl: endpoint }: RunSettings,
  { env }: Io,
): Promise<unknown> {
  if (!(error instanceof ElbProxyError) || error.code !== 'LoadBalancerNotFound') return error;
  const { knownNames } = await import('./completion/completion-names.js');
  const { stateDirectory } = await import('../journal/state-directory.js');
  // The names that status saw lately: an error must not cost another call.
  const known = await knownNames(stateDirectory(env), { region, endpoint, now: Date.now() });
  const [meant] = names
    .filter((name) => !known.includes(name))
    .map((name) => didYouMean(name, known))
    .filter((words) => words !== '');
  if (meant === undefined) return error;
  const { message, code, fault, hint, requestId, cause } = error;
  const hints = [meant.trim(), ...(hint === undefined ? [] : [hint])].join('\n');
  return new ElbProxyError(message, { code, fault, hint: hints, requestId, cause });
}
