import { ElbProxyError } from '../errors.js';

/** Pages in a row that bring nothing which was not there before, and name a further page. */
const mostIdlePages = 3;

interface PagedList {
  readonly action: string;
  readonly region: string;
  /** How many were asked for by name; none for a listing. */
  readonly asked: number;
  /** The way out if the list never ends. */
  readonly hint: string;
}

interface PageEnd {
  /** The page's own keys: names or ARNs. */
  readonly keys: readonly string[];
  /** Where the next page begins. */
  readonly marker: string;
  readonly requestId?: string | undefined;
}

/**
 * Watches over a list's pages: gives a function to be called with each page that names a further one.
 * It throws an ElbProxyError of code `repeated-marker` where the list never ends.
 */
export function pageGuard({ action, region, asked, hint }: PagedList): (page: PageEnd) => void {
  const markers = new Set<string>();
  const seen = new Set<string>();
  let idlePages = 0;
  return ({ keys, marker, requestId }) => {
    const before = seen.size;
    for (const key of keys) seen.add(key);
    idlePages = seen.size === before ? idlePages + 1 : 0;
    const endless = markers.has(marker)
      ? 'gave the same page marker twice'
      : idlePages === mostIdlePages
        ? `gave ${mostIdlePages} pages in a row with nothing new, each with a marker for another page`
        : asked > 0 && seen.size > asked
          ? `was asked for ${asked} by name, gave ${seen.size}, and names another page`
          : undefined;
    if (endless !== undefined)
      throw new ElbProxyError(`${action} in ${region} ${endless}, so its list never ends`, {
        code: 'repeated-marker',
        fault: 'service',
        hint,
        requestId,
      });
    markers.add(marker);
  };
}
