import { plainText } from './plain-text.js';

const noted = Symbol('host');

/** Notes at an error which host its request went to. */
export function noteHost(error: unknown, host: string | undefined): void {
  if (error instanceof Error && host !== undefined) Object.assign(error, { [noted]: host });
}

/** The host that a failed request went to, fit for a message; undefined if that is not known. */
export function hostOf(error: unknown): string | undefined {
  const host = error instanceof Error ? (error as { readonly [noted]?: string })[noted] : undefined;
  return host && plainText(host, 200);
}
