import { setSteps } from '../../core/change-facts.js';
import type { ClassicChange, PlanChange } from '../../core/plan.js';
import type { ReportedChange, ReportedClassicChange, StepOutcome } from '../../core/report.js';
import type { SetPoliciesStep, Step } from '../../core/step.js';
import { listenerName } from '../text/listener-picture.js';
import { groupSides } from './group-section.js';
import { type PicturedPort, type PictureSide, picture } from './picture.js';

/** A set step of a change, with its outcome where it was run. */
type Set = SetPoliciesStep & { readonly outcome?: StepOutcome | undefined };

/** The picture of a change, before and after; nothing if no list changes. */
export function changePicture(change: PlanChange | ReportedChange): readonly string[] {
  const sides = change.targetGroup === undefined ? portSides(change) : groupSides(change);
  return sides.length === 0 ? [] : [picture(sides)];
}

function portSides({
  affects,
  steps,
}: Pick<ClassicChange | ReportedClassicChange, 'affects' | 'steps'>): readonly PictureSide[] {
  const sets = setSteps<Step & Pick<Set, 'outcome'>>(steps);
  if (sets.length === 0) return [];
  const ran = sets.some(({ outcome }) => outcome !== undefined);
  if (ran && !sets.some(({ outcome }) => outcome === 'done' || outcome === 'unknown')) return [];
  const side = (title: string, portOf: (set: Set) => Omit<PicturedPort, 'listeners'>): PictureSide => ({
    title,
    ports: sets.map((set) => ({
      ...portOf(set),
      listeners: affects.listeners
        .filter(({ instancePort }) => instancePort === set.instancePort)
        .map((listener) => listenerName(listener)),
    })),
  });
  return [
    side('Before', ({ instancePort, before, after }) => ({
      place: `instance port ${instancePort}`,
      policies: before.map((name) => ({ name, remark: ran || after.includes(name) ? undefined : 'removed' })),
    })),
    side(ran ? 'Now' : 'After', afterwards),
  ];
}

function afterwards({ instancePort, before, after, outcome }: Set): Omit<PicturedPort, 'listeners'> {
  const place = `instance port ${instancePort}`;
  if (outcome === 'unknown') return { place, policies: [], instead: 'not known' };
  const list = outcome === undefined || outcome === 'done' ? after : before;
  const policies = list.map((name) => ({ name, remark: before.includes(name) ? undefined : 'added' }));
  return { place, policies };
}
