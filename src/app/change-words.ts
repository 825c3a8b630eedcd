import { placeWords } from '../core/caller.js';
import type { HistoryEntry } from './history.js';

/** A change in a few words: `enable web 8443 on account 123456789012`. */
export function changeWords({ plan }: Pick<HistoryEntry, 'plan'>): string {
  const what = plan.changes
    .filter(({ steps }) => steps.length > 0)
    .map(({ loadBalancer, affects }) => `${loadBalancer.name} ${affects.instancePorts.join(',')}`)
    .join(', ');
  const where = placeWords(plan);
  return `${plan.action} ${what}${where === '' ? '' : ` on ${where}`}`;
}
