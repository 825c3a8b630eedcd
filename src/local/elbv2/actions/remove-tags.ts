import type { WriteAction } from '../../action.js';
import { requiredStringList } from '../../request-lists.js';
import { checkTagKey } from '../../tag-rules.js';
import { resourceArns, taggedAt } from '../tagged.js';

/** `RemoveTags`: a key that is not there is not an error. */
export const removeTags: WriteAction = {
  kind: 'write',
  name: 'RemoveTags',
  run: (state, parameters, { region }) => {
    const arns = resourceArns(parameters);
    const keys = requiredStringList(parameters, 'TagKeys').map((key, index) =>
      checkTagKey(key, `tagKeys.${index + 1}.member`),
    );
    const changed = arns.reduce((result, arn) => {
      const one = taggedAt(result, region, arn);
      return one.withTags(
        result,
        one.tags.filter(({ key }) => !keys.includes(key)),
      );
    }, state);
    return { state: changed, result: {} };
  },
};
