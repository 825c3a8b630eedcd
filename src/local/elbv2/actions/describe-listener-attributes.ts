import type { ReadAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { describeAttributesV2 } from '../attribute-rules.js';
import { listenerAttributes } from '../default-attributes.js';
import { getListener } from '../found.js';

/** `DescribeListenerAttributes`: a TCP listener has one, how long a connection may be silent. */
export const describeListenerAttributes: ReadAction = {
  kind: 'read',
  name: 'DescribeListenerAttributes',
  run: (state, parameters, { region }) => {
    const one = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    return { Attributes: describeAttributesV2(listenerAttributes(one)) };
  },
};
