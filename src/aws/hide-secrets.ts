/** The text that replaces a secret. */
const hidden = '[hidden]';

/** A header or parameter that carries a session token, up to the end of its value. */
const tokenField = /(x-amz-(?:security|session)-token["']?\s*(?:[:=]|%3[AD])\s*["']?)[^\s"'&<>,;]+/gi;

/** Hiding shorter ones would also hide words that explain the error. */
const shortestSecret = 8;

/**
 * Text of a service or a proxy without the session token of the request that it answers: some echo the request, a refused
 * signature's canonical form among it.
 * @param secrets values that must not show, however they are written
 */
export function hideSecrets(text: string, secrets: readonly (string | undefined)[] = []): string {
  let shown = text.replaceAll(tokenField, `$1${hidden}`);
  for (const secret of secrets) {
    if (secret === undefined || secret.length < shortestSecret) continue;
    for (const form of formsOf(secret)) shown = shown.replaceAll(form, hidden);
  }
  return shown;
}

/** As it is, in a URL or form, in XML, in JSON. */
function formsOf(secret: string): ReadonlySet<string> {
  const encoded = encodeURIComponent(secret);
  return new Set([
    secret,
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    secret.replaceAll('/', '\\/'),
    secret.replaceAll('=', '&#61;').replaceAll('+', '&#43;').replaceAll('/', '&#47;'),
  ]);
}
