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
  const wanted = {
    comment: context.output === 'markdown',
    summary: path !== undefined,
  };
  let made: Promise<Pages> | undefined;
  const pages = (): Promise<Pages> => (made ??= make());
  const make = async (): Promise<Pages> => {
    if (!wanted.comment && !wanted.summary) return {};
    const { statusPage } = await import('../../render/markdown/status-page.js');
    return {
      comment: wanted.comment ? statusPage(regions, kinds, undefined, chosen) : undefined,
      summary: wanted.summary ? statusPage(regions, kinds, summaryLimit, chosen) : undefined,
    };
  };
  return {
    add: async (status) => {
      const { comment, summary } = await pages();
      comment?.add(status);
      summary?.add(status);
    },
    hidden: async (status) => {
      const { comment, summary } = await pages();
      comment?.hidden(status);
      summary?.hidden(status);
    },
    end: async (errors) => {
      const { comment, summary } = await pages();
      if (summary !== undefined) await addToSummary(path, context, (limit) => summary.render(errors, limit));
      return comment?.render(errors) ?? '';
    },
  };
}
