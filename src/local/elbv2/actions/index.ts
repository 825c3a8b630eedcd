import type { Action } from '../../action.js';
import { attributeActions } from './attributes.js';
import { listenerActions } from './listeners.js';
import { loadBalancerActions } from './load-balancers.js';
import { tagActions } from './tags.js';
import { targetGroupActions } from './target-groups.js';
import { targetActions } from './targets.js';

/** The actions of ELBv2 that are served, by name. */
export const actionsV2: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    ...attributeActions,
    ...listenerActions,
    ...loadBalancerActions,
    ...tagActions,
    ...targetGroupActions,
    ...targetActions,
  }),
);
