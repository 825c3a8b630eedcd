import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { checkAttributes, describeAttributesV2, mergePairs, parseAttributes } from '../attribute-rules.js';
import { listenerAttributes } from '../default-attributes.js';
import { getListener, replaceListener } from '../found.js';

/** `ModifyListenerAttributes`: changes the attributes that are named and leaves the others. */
export const modifyListenerAttributes: WriteAction = {
  kind: 'write',
  name: 'ModifyListenerAttributes',
  run: (state, parameters, { region }) => {
    const wanted = parseAttributes(parameters);
    const one = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    checkAttributes(wanted, listenerAttributes(one), 'Listener');
    const changed = { ...one, attributes: mergePairs(one.attributes, wanted) };
    return {
      state: replaceListener(state, changed),
      result: { Attributes: describeAttributesV2(listenerAttributes(changed)) },
    };
  },
};
