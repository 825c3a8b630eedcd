import type { Environment } from '../environment.js';

/** A proxy and the variable that names it; the URL may carry a password. */
export interface ProxySetting {
  readonly url: string;
  readonly from: string;
}

/**
 * The proxy for a URL by Python's rules: a variable in any letter case, lower case first (an empty one takes the others
 * back); NO_PROXY as names with their domains, or `*`. In a CGI script (REQUEST_METHOD), HTTP_PROXY may be a header's.
 */
export function proxyFor(url: string, env: Environment): ProxySetting | undefined {
  const [, scheme = '', netloc = ''] = /^(https?):\/\/([^/?#]*)/i.exec(url) ?? [];
  const proxies = proxiesIn(env);
  const found = proxies.get(scheme.toLowerCase());
  if (found === undefined || bypassed(netloc.toLowerCase(), proxies.get('no')?.url)) return undefined;
  const { url: text, from } = found;
  if (/^https?:/.test(text)) return found;
  return { url: text.startsWith('//') ? `http:${text}` : `http://${text}`, from };
}

function proxiesIn(env: Environment): ReadonlyMap<string, ProxySetting> {
  const proxies = new Map<string, ProxySetting>();
  const names = Object.keys(env).filter((name) => /_proxy$/i.test(name));
  for (const from of names) {
    const url = env[from];
    if (url) proxies.set(schemeOf(from), { url, from });
  }
  if (env['REQUEST_METHOD'] !== undefined) proxies.delete('http');
  for (const from of names.filter((name) => name.endsWith('_proxy'))) {
    const url = env[from];
    if (url) proxies.set(schemeOf(from), { url, from });
    else if (url !== undefined) proxies.delete(schemeOf(from));
  }
  return proxies;
}

/** The scheme that a variable is for. */
function schemeOf(name: string): string {
  return name.slice(0, -'_proxy'.length).toLowerCase();
}

/** Whether a host, with its port if the URL names one, is among the exceptions. */
function bypassed(netloc: string, list: string | undefined): boolean {
  if (list === undefined) return false;
  if (list === '*') return true;
  const host = netloc.replace(/:\d*$/, '');
  return list.split(',').some((part) => {
    if (part.trim() === '') return false;
    const name = part.trim().replace(/^\.+/, '').toLowerCase();
    return [host, netloc].some((own) => own === name || own.endsWith(`.${name}`));
  });
}
