import type { Action, Affected } from '../../core/plan.js';
import { instancePortWords } from './counted.js';

/** Why a load balancer of a plan needs no call. */
export function alreadySo({ instancePorts }: Affected, action: Action): string {
  const ports = instancePortWords(instancePorts);
  switch (action) {
    case 'enable':
      return `the PROXY protocol is on already for ${ports}`;
    case 'disable':
      return `the PROXY protocol is off already for ${ports}`;
    case 'undo':
      return 'it is as it was before that change already';
  }
}
