import { type InspectedLoadBalancer, loadBalancerStatus, type StatusError } from '../render/json/status.js';
import { statusParts } from '../render/json/status-parts.js';
import { statusText } from '../render/text/status.js';
import type { Context } from './context.js';
import type { Given } from './define.js';
import { statusPages } from './status-pages.js';

/** The status of a fleet, printed load balancer by load balancer as one document. */
export interface StatusOutput {
  /** Whether something of the document is printed, so that it has to be brought to its end. */
  readonly begun: () => boolean;
  readonly loadBalancer: (inspected: InspectedLoadBalancer) => Promise<void>;
  readonly end: (errors: readonly StatusError[]) => Promise<void>;
}

/** Starts with nothing printed: until the first load balancer an error may still have a document of its own. */
export function statusOutput(regions: readonly string[], given: Given, context: Context): StatusOutput {
  const { output, printPart } = context;
  const pages = statusPages(regions, given, context);
  const parts = statusParts(regions);
  const text = statusText(regions);
  let begun = false;
  const begin = async (): Promise<void> => {
    if (begun) return;
    begun = true;
    await printPart({ json: () => parts.head, text: () => '' });
  };
  return {
    begun: () => begun,
    loadBalancer: async (inspected) => {
      const status = loadBalancerStatus(inspected);
      await begin();
      await pages.add(status);
      await printPart({
        json: () => parts.loadBalancer(status),
        text: (style) => (output === 'markdown' ? '' : text.loadBalancer(status, style)),
      });
    },
    end: async (errors) => {
      await begin();
      const markdown = await pages.end(errors);
      await printPart({
        json: () => parts.end(errors),
        text: (style) => (output === 'markdown' ? markdown : text.end(errors, style)),
      });
    },
  };
}
