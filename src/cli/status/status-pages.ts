import type { StatusEntry, StatusError } from '../../render/json/status.js';
import { summaryLimit } from '../../render/markdown/fit.js';
import type { StatusPage } from '../../render/markdown/status-page.js';
import type { AskedKinds } from '../../render/text/status-closing.js';
import type { Context } from '../context.js';
import { addToSummary } from '../summary.js';

/** A status as Markdown, gathered while it is read: for stdout, for a summary, for both or for neither. */
export interface StatusPages {
  readonly add: (status: StatusEntry) => Promise<void>;
  /** Counts one that a filter hides. */
  readonly hidden: (status: StatusEntry) => Promise<void>;
  /** Writes the summary, and gives what stdout is to hold; empty if another format is wanted there. */
  readonly end: (errors: readonly StatusError[]) => Promise<string>;
}

interface Pages {
  readonly comment?: StatusPage | undefined;
  readonly summary?: StatusPage | undefined;
}

/** Loads nothing unless Markdown is wanted. */
export function statusPages(
  regions: readonly string[],
  kinds: AskedKinds,
  { summary: path, chosen }: { readonly summary: string | undefined; readonly chosen: string | undefined },
  context: Context,
): StatusPages {
  const make = async (): Promise<Pages> => {
    const comment = context.output === 'markdown';
    if (!comment && path === undefined) return {};
    const { statusPage } = await import('../../render/markdown/status-page.js');
    return {
      ...(comment ? { comment: statusPage(regions, kinds, undefined, chosen) } : {}),
      ...(path === undefined ? {} : { summary: statusPage(regions, kinds, summaryLimit, chosen) }),
    };
  };
  let made: Promise<Pages> | undefined;
  const pages = (): Promise<Pages> => (made ??= make());
  const onEach = async (act: (page: StatusPage) => void): Promise<void> => {
    const { comment, summary } = await pages();
    for (const page of [comment, summary]) if (page !== undefined) act(page);
  };
  return {
    add: (status) => onEach((page) => page.add(status)),
    hidden: (status) => onEach((page) => page.hidden(status)),
    end: async (errors) => {
      const { comment, summary } = await pages();
      if (summary !== undefined) await addToSummary(path, context, (limit) => summary.render(errors, limit));
      return comment?.render(errors) ?? '';
    },
  };
}
