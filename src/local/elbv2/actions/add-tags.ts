import type { WriteAction } from '../../action.js';
import { requiredStructureList } from '../../request-lists.js';
import { MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { resourceArns, taggedAt } from '../tagged.js';

/** `AddTags`: adds tags, or gives tags that are there another value. */
export const addTags: WriteAction = {
  kind: 'write',
  name: 'AddTags',
  run: (state, parameters, { region }) => {
    const arns = resourceArns(parameters);
    requiredStructureList(parameters, 'Tags');
    const added = parseTags(parameters);
    const changed = arns.reduce((result, arn) => {
      const one = taggedAt(result, region, arn);
      return one.withTags(result, mergeTags(one.tags, added, MAX_TAGS_V2));
    }, state);
    return { state: changed, result: {} };
  },
};
