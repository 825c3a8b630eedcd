import { pendingChanges } from '../../core/change-facts.js';
import { invertSteps } from '../../core/invert.js';
import { nextCommand } from '../../core/next-command.js';
import type { Action, PlanChange } from '../../core/plan.js';
import type { Step } from '../../core/step.js';
import type { Style } from '../style.js';
import { hintLines } from './hint-lines.js';
import { paragraph } from './paragraph.js';
import { stepWords } from './step-words.js';

/** How a plan's changes would be taken back once they are made: the command, and what it would do. */
export function wayBack(changes: readonly PlanChange[], action: Action, style: Style): readonly string[] {
  const pending = pendingChanges({ changes });
  const indent = pending.length > 1 ? 4 : 2;
  return [
    // Without a change id, undo never reaches for an undo.
    ...hintLines(
      `${style.colour.bold('The way back')}, once this is applied: ${nextCommand('undo', action === 'undo' ? ['CHANGE-ID'] : [])}`,
      style,
      0,
    ),
    ...pending.flatMap(({ loadBalancer, steps }) => [
      ...(pending.length > 1 ? [`  ${loadBalancer.name} (${loadBalancer.region})`] : []),
      ...invertSteps(steps).flatMap((step, index) =>
        paragraph(`${index + 1}. ${stepWords(step)}${unsetWords(steps.at(-1 - index))}`, style, {
          indent,
          hanging: 3,
        }),
      ),
    ]),
  ];
}

/** A key that was not set can't be taken away again. */
function unsetWords(step: Step | undefined): string {
  return step?.call === 'ModifyTargetGroupAttributes' && step.before === null
    ? ' (it was not set; this is its default)'
    : '';
}
