import type { AffectedListener } from '../../core/plan.js';
import type { SetPoliciesStep } from '../../core/step.js';
import { listenerName } from '../text/listener-picture.js';
import { cellLines, markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';

/** The full list of each port that a change writes, before and after: the call replaces the full list. */
export function listTable(
  sets: readonly SetPoliciesStep[],
  listeners: readonly AffectedListener[],
  created: readonly string[],
): string {
  return markdownTable(
    ['listeners', 'instance port', 'policies before, in order', 'policies after, in order'],
    sets.map(({ instancePort, before, after }) => [
      listenerCell(listeners, instancePort),
      String(instancePort),
      cellLines(
        before.map((name) => (after.includes(name) ? codeSpan(name) : `${codeSpan(name)} (removed)`)),
      ),
      cellLines(
        after.map((name) =>
          before.includes(name) ? codeSpan(name) : `${codeSpan(name)} (${addedWords(name, created)})`,
        ),
      ),
    ]),
  );
}

/** The listeners that forward to a port. */
export function listenerCell(listeners: readonly AffectedListener[], instancePort: number): string {
  return cellLines(
    listeners
      .filter((listener) => listener.instancePort === instancePort)
      .map((listener) => codeSpan(listenerName(listener))),
  );
}

/** A policy that the plan does not make must be there already: the reviewer sees that it is reused. */
function addedWords(name: string, created: readonly string[]): string {
  return created.includes(name) ? 'added' : 'added, already on the load balancer';
}
