import type { StatusDocument, StatusEntry } from '../json/status.js';
import { printable } from '../printable.js';
import { type AskedKinds, sumExtent } from '../text/status-closing.js';
import { addToSum, emptySum, onForWords, type StatusSum } from '../text/status-sum.js';
import { markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';
import { commentLimit, makeForms } from './fit.js';
import { fittedPage, type Weighed } from './fitted-page.js';
import { mostPictures } from './picture.js';
import { prose } from './prose.js';
import { statusForms, statusLine } from './status-forms.js';

/** Regions that could not be read: more than this are counted. */
const mostErrors = 40;

/** The status of a fleet that is gathered while it is read. */
export interface StatusPage {
  readonly add: (status: StatusEntry) => void;
  /** Counts one that a filter hides. */
  readonly hidden: (status: StatusEntry) => void;
  /** @param most bytes, where that is less than the page was made for */
  readonly render: (errors: StatusDocument['errors'], most?: number) => string;
}

/** A status for GitHub; however large the fleet, no more is kept than a page has room for, and the rest is counted. */
export function statusPage(
  regions: readonly string[],
  kinds: AskedKinds,
  limit: number = commentLimit,
  chosen?: string,
): StatusPage {
  const pieces: Weighed[] = [];
  let sum = emptySum;
  const forms = makeForms(limit);
  return {
    add: (status) => {
      const shown = printable(status);
      const draw = sum.shown < mostPictures;
      sum = addToSum(sum, status);
      pieces.push({
        forms: forms(statusLine(shown), () => statusForms(shown, draw)),
        blockers: status.hazards.filter(({ level }) => level === 'blocker').length,
      });
    },
    hidden: (status) => {
      sum = addToSum(sum, status, false);
    },
    render: (errors, most = limit) => {
      const tail = notRead(printable(errors));
      const head = [headline(sum, kinds, printable(regions), chosen)];
      return fittedPage({ head, tail }, pieces, Math.min(most, limit));
    },
  };
}

function headline(
  sum: StatusSum,
  kinds: AskedKinds,
  regions: readonly string[],
  chosen: string | undefined,
): string {
  const { loadBalancers } = sum;
  const where =
    regions.length > 3 ? `${regions.length} regions` : regions.map((region) => codeSpan(region)).join(', ');
  if (loadBalancers === 0) return `### No ${kinds} Load Balancer was read in ${where}`;
  const which = chosen === undefined ? undefined : prose(printable(chosen));
  return `### PROXY protocol: on for ${onForWords(sum)}\n\n${sumExtent(sum, { kinds, chosen: which, where })}`;
}

function notRead(errors: StatusDocument['errors']): readonly string[] {
  if (errors.length === 0) return [];
  const more = errors.length - mostErrors;
  return [
    '#### Not read',
    markdownTable(
      ['region', 'code', 'why'],
      errors
        .slice(0, mostErrors)
        .map(({ region, kind, code, message }) => [
          `${codeSpan(region)}${kind === undefined ? '' : ', Network Load Balancers'}`,
          codeSpan(code),
          prose(message),
        ]),
    ),
    ...(more > 0 ? [`And ${more} more.`] : []),
  ];
}
