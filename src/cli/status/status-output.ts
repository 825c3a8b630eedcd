import type { StatusFilter } from '../../core/status-filter.js';
import { documentFormatVersion } from '../../render/json/document.js';
import { documentParts } from '../../render/json/document-parts.js';
import {
  type Inspected,
  type StatusDocument,
  type StatusEntry,
  type StatusError,
  statusEntry,
} from '../../render/json/status.js';
import { joinLines } from '../../render/text/paragraph.js';
import { endpointHeading, endpointLines } from '../../render/text/place-lines.js';
import { statusText } from '../../render/text/status.js';
import type { AskedKinds } from '../../render/text/status-closing.js';
import { statusLines } from '../../render/text/status-lines.js';
import type { Context } from '../context.js';
import { statusPages } from './status-pages.js';

/** The status of a fleet, printed load balancer by load balancer as one document. */
export interface StatusOutput {
  /** Whether something of the document is printed, so that it has to be brought to its end. */
  readonly begun: () => boolean;
  readonly loadBalancer: (inspected: Inspected) => Promise<void>;
  /** Counts one that a filter hides. */
  readonly hidden: (inspected: Inspected) => Promise<void>;
  readonly end: (errors: readonly StatusError[]) => Promise<void>;
}

/** The view that was asked for. */
export interface StatusView {
  readonly regions: readonly string[];
  readonly kinds: AskedKinds;
  /** The custom endpoint that is asked, if any. */
  readonly endpoint: string | undefined;
  readonly only: StatusFilter | undefined;
  /** A picture of each load balancer, rather than a line for each port or target group. */
  readonly pictures: boolean;
  /** Whether only some load balancers were asked for. */
  readonly filtered: boolean;
  /** Their description in the sum; undefined for all. */
  readonly chosen: string | undefined;
  /** The file to which the result is added as Markdown. */
  readonly summary: string | undefined;
}

/** Starts with nothing printed: until the first load balancer an error may still have a document of its own. */
export function statusOutput(view: StatusView, context: Context): StatusOutput {
  const { output, printPart } = context;
  const { regions, kinds, endpoint, only, pictures, filtered, chosen, summary } = view;
  const pages = statusPages(regions, kinds, { summary, chosen }, context);
  const parts = documentParts<StatusEntry, Pick<StatusDocument, 'errors'>>(
    { formatVersion: documentFormatVersion, regions },
    'loadBalancers',
  );
  const tabs = !context.io.stdout.isTerminal;
  const text = pictures
    ? statusText(regions, kinds, filtered, chosen)
    : statusLines({ regions, kinds, only, filtered, chosen, tabs });
  let begun = false;
  const begin = async (): Promise<void> => {
    if (begun) return;
    begun = true;
    // Lines for programs stay unchanged.
    const above = pictures || !tabs;
    if (output === 'text' && !above && context.io.stderr.isTerminal)
      await context.say((style) => joinLines(endpointLines({ endpoint }, style)));
    await printPart({
      json: () => parts.head,
      text: (style) => (output === 'text' && above ? endpointHeading(endpoint, style) : ''),
    });
  };
  return {
    begun: () => begun,
    loadBalancer: async (inspected) => {
      const status = statusEntry(inspected);
      await begin();
      await pages.add(status);
      await printPart({
        json: () => parts.item(status),
        text: (style) => (output === 'markdown' ? '' : text.loadBalancer(status, style)),
      });
    },
    hidden: async (inspected) => {
      if (output === 'json' && summary === undefined) return;
      const status = statusEntry(inspected);
      if (output === 'text') text.hidden(status);
      await pages.hidden(status);
    },
    end: async (errors) => {
      await begin();
      const markdown = await pages.end(errors);
      await printPart({
        json: () => parts.end({ errors }),
        text: (style) => (output === 'markdown' ? markdown : text.end(errors, style)),
      });
    },
  };
}
