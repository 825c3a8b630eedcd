import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { getListener, withElbV2 } from '../found.js';

/** `DeleteListener`. */
export const deleteListener: WriteAction = {
  kind: 'write',
  name: 'DeleteListener',
  run: (state, parameters, { region }) => {
    const present = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    const listeners = state.elbv2.listeners.filter((one) => one !== present);
    return { state: withElbV2(state, { listeners }), result: {} };
  },
};
