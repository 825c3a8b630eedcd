import { byLoadBalancer, pendingChanges } from '../../core/change-facts.js';
import { invertSteps } from '../../core/invert.js';
import { nextCommand } from '../../core/next-command.js';
import type { Action, PlanChange } from '../../core/plan.js';
import type { Step } from '../../core/step.js';
import type { Style } from '../style.js';
import { hintLines } from './hint-lines.js';
import { paragraph } from './paragraph.js';
import { stepWords } from './step-words.js';

/** The way back once a plan is carried out: the command, and its calls. */
export function wayBack(changes: readonly PlanChange[], action: Action, style: Style): readonly string[] {
  const pending = byLoadBalancer(pendingChanges({ changes }));
  const indent = pending.length > 1 ? 4 : 2;
  return [
    // Without a change id, undo never reaches for an undo.
    ...hintLines(
      `${style.colour.bold('The way back')}, once this is applied: ${nextCommand('undo', action === 'undo' ? ['CHANGE-ID'] : [])}`,
      style,
      0,
    ),
    ...pending.flatMap((ofOne) => [
      ...(pending.length > 1 ? [`  ${ofOne[0].loadBalancer.name} (${ofOne[0].loadBalancer.region})`] : []),
      ...ofOne
        .flatMap(({ steps }) =>
          invertSteps(steps).map((step, index) => `${stepWords(step)}${unsetWords(steps.at(-1 - index))}`),
        )
        .flatMap((words, index) => paragraph(`${index + 1}. ${words}`, style, { indent, hanging: 3 })),
    ]),
  ];
}

/** A key that was not set can't be taken away again. */
function unsetWords(step: Step | undefined): string {
  return step?.call === 'ModifyTargetGroupAttributes' && step.before === null
    ? ' (it was not set; this is its default)'
    : '';
}
