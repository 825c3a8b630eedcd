import { placeWords } from '../core/caller.js';
import type { HistoryEntry } from './history.js';

/** A change in a few words: `enable web 8443 on account 123456789012`. */
export function changeWords({ plan }: Pick<HistoryEntry, 'plan'>): string {
  const what = plan.changes
    .filter(({ steps }) => steps.length > 0)
    .map((change) => {
      const { name } = change.loadBalancer;
      return change.targetGroup === undefined
        ? `${name} ${change.affects.instancePorts.join(',')}`
        : `${name} ${change.targetGroup.name}`;
    })
    .join(', ');
  const where = placeWords(plan);
  return `${plan.action} ${what}${where === '' ? '' : ` on ${where}`}`;
}
