import type { Sight } from '../sight.js';
import { type GroupState, rawValue, valueOf } from './group-state.js';
import { type ModifyAttributeStep, sameValue } from './modify-step.js';

/** Judges one reading of a target group against a step. The attribute has two values: nothing of a step is left in the other. */
export function groupSight({ key, before, after }: ModifyAttributeStep, { group }: GroupState): Sight {
  const found = valueOf(group);
  if (found !== undefined && sameValue(found, after)) return { kind: 'after' };
  if (found !== undefined && sameValue(found, before)) return { kind: 'before' };
  return { kind: 'other', why: `${key} is ${rawValue(group)}` };
}
