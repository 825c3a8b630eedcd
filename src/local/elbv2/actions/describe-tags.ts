import type { ReadAction } from '../../action.js';
import { members } from '../../xml.js';
import { resourceArns, taggedAt } from '../tagged.js';

/** `DescribeTags`: of at most 20 resources, of any kinds. */
export const describeTags: ReadAction = {
  kind: 'read',
  name: 'DescribeTags',
  run: (state, parameters, { region }) => ({
    TagDescriptions: members(
      resourceArns(parameters).map((arn) => ({
        ResourceArn: arn,
        Tags: members(
          taggedAt(state, region, arn).tags.map(({ key, value }) => ({ Key: key, Value: value })),
        ),
      })),
    ),
  }),
};
