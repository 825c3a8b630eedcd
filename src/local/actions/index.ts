import type { Action } from '../action.js';
import { attributeActions } from './attributes.js';
import { instanceActions } from './instances.js';
import { listenerActions } from './listeners.js';
import { loadBalancerActions } from './load-balancers.js';
import { policyActions } from './policies.js';
import { policySettingActions } from './set-policies.js';
import { placeActions } from './subnets-and-zones.js';
import { tagActions } from './tags.js';

/** All 29 actions of the API, by name. */
export const actions: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    ...attributeActions,
    ...instanceActions,
    ...listenerActions,
    ...loadBalancerActions,
    ...policyActions,
    ...policySettingActions,
    ...placeActions,
    ...tagActions,
  }),
);
