import type { ReadAction } from '../../action.js';
import { optionalStringList } from '../../request-lists.js';
import { optionalString } from '../../request-parameters.js';
import { validationError } from '../../service-error.js';
import { members } from '../../xml.js';
import { checkArn, defaultRuleArn } from '../arn.js';
import { describeRule } from '../describe.js';
import { rulesNotFound } from '../errors.js';
import { getListener } from '../found.js';
import { pageOf } from '../page.js';

/** `DescribeRules`: a listener has its default rule, and here no other. */
export const describeRules: ReadAction = {
  kind: 'read',
  name: 'DescribeRules',
  run: (state, parameters, { region }) => {
    const of = optionalString(parameters, 'ListenerArn') || undefined;
    const arns = [...new Set(optionalStringList(parameters, 'RuleArns'))];
    if ((of === undefined) === (arns.length === 0)) {
      throw validationError('You must specify either listener rule ARNs or a listener ARN');
    }
    const asked =
      of === undefined
        ? arns.map((arn) => {
            checkArn(arn, 'rule');
            const found = state.elbv2.listeners.find((one) => defaultRuleArn(one.arn) === arn);
            if (found === undefined || arn.split(':')[3] !== region) throw rulesNotFound();
            return found;
          })
        : [getListener(state, region, of)];
    const { page, NextMarker } = pageOf(asked, ({ arn }) => arn, parameters);
    return { Rules: members(page.map(describeRule)), NextMarker };
  },
};
