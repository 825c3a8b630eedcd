import type { StatusDocument } from '../json/status.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { counted } from './counted.js';
import { joinLines, paragraph } from './paragraph.js';
import { onForWords, type StatusSum } from './status-sum.js';

/** The requested kinds in words: `no Classic or Network Load Balancer`. */
export type AskedKinds = 'Classic' | 'Network' | 'Classic or Network';

/** The facts for the lines under the load balancers. */
export interface Closing extends Pick<StatusDocument, 'regions' | 'errors'> {
  readonly sum: StatusSum;
  readonly kinds: AskedKinds;
  /** Whether only some load balancers were asked for: then that none was found says nothing about the region. */
  readonly filtered?: boolean | undefined;
  /** The load balancers that were asked for, in words, if not all. */
  readonly chosen?: string | undefined;
}

/** The extent of a sum: `3 load balancers with the tag team=edge in us-east-1, 2 of them shown`. */
export function sumExtent(
  { loadBalancers, shown }: StatusSum,
  {
    kinds,
    chosen,
    where,
  }: { readonly kinds: AskedKinds; readonly chosen?: string | undefined; readonly where: string },
): string {
  const noun = kinds === 'Classic or Network' ? 'load balancer' : `${kinds} Load Balancer`;
  const which = chosen === undefined ? '' : ` ${chosen}`;
  const rest = shown === loadBalancers ? '' : `, ${shown === 0 ? 'none' : shown} of them shown`;
  return `${counted(loadBalancers, noun)}${which} in ${where}${rest}`;
}

/** The sum of several, that there is none, and what could not be read; may be empty. */
export function statusClosing(closing: Closing, style: Style): string {
  const { regions, errors, sum, filtered = false, chosen } = printable(closing);
  const { kinds } = closing;
  const where = regions.length > 3 ? `${regions.length} regions` : regions.join(', ');
  const lines: string[] = [];
  if (sum.loadBalancers === 0 && !filtered)
    lines.push(
      ...paragraph(
        errors.length > 0
          ? `No ${kinds} Load Balancer was read in ${where}.`
          : `There is no ${kinds} Load Balancer in ${where}.`,
        style,
      ),
    );
  if (sum.loadBalancers > 1 && sum.shown > 0) {
    const extent = sumExtent(sum, { kinds, chosen, where });
    lines.push(...paragraph(`${extent}: PROXY is on for ${onForWords(sum)}.`, style));
  }
  if (errors.length > 0) {
    if (lines.length > 0) lines.push('');
    lines.push(style.colour.bold('Not read'));
    for (const { region, kind, code, message } of errors) {
      const mark = style.colour.red(symbols(style).failed);
      lines.push(
        ...paragraph(
          `${mark} ${region}${kind === undefined ? '' : ', Network Load Balancers'}: ${code}: ${message}`,
          style,
          { indent: 2, hanging: 2 },
        ),
      );
    }
  }
  return joinLines(lines);
}
