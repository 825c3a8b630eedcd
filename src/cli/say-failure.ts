import { ElbProxyError } from '../errors.js';
import type { Context } from './context.js';

/** Says, below a printed result, how it falls short of the request. */
export async function sayFailure(
  code: string,
  message: string,
  { say }: Context,
  hint?: string,
): Promise<void> {
  const { renderError } = await import('../render/error.js');
  const error = new ElbProxyError(message, { code, fault: 'world', ...(hint !== undefined && { hint }) });
  await say((style) => renderError(error, style));
}
