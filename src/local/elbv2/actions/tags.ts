import { type Action, type Change, read, write } from '../../action.js';
import type { Pair } from '../../pairs.js';
import { fewStrings, requiredStringList, requiredStructureList } from '../../request-lists.js';
import { validationError } from '../../service-error.js';
import type { State } from '../../shapes.js';
import { checkTagKey, MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { describePairs, members } from '../../xml.js';
import { kindOfArn } from '../arn.js';
import {
  getListener,
  getLoadBalancerV2,
  getRule,
  getTargetGroup,
  replaceListener,
  replaceLoadBalancerV2,
  replaceTargetGroup,
} from '../found.js';

/** A resource with tags. */
interface Tagged {
  readonly tags: readonly Pair[];
  /** The state with these tags on it. */
  readonly withTags: (state: State, tags: readonly Pair[]) => State;
}

/** The resource with an ARN, of any kind, which must exist. @throws ServiceError */
function taggedAt(state: State, region: string, arn: string): Tagged {
  switch (kindOfArn(arn)) {
    case 'load balancer': {
      const one = getLoadBalancerV2(state, region, arn);
      return { tags: one.tags, withTags: (now, tags) => replaceLoadBalancerV2(now, { ...one, tags }) };
    }
    case 'target group': {
      const one = getTargetGroup(state, region, arn);
      return { tags: one.tags, withTags: (now, tags) => replaceTargetGroup(now, { ...one, tags }) };
    }
    case 'listener': {
      const one = getListener(state, region, arn);
      return { tags: one.tags, withTags: (now, tags) => replaceListener(now, { ...one, tags }) };
    }
    case 'rule': {
      const one = getRule(state, region, arn);
      return {
        tags: one.ruleTags,
        withTags: (now, ruleTags) => replaceListener(now, { ...one, ruleTags }),
      };
    }
    case undefined:
      throw validationError(`'${arn}' is not a valid resource ARN`);
  }
}

/** Changes the tags of resources, one after the other, since one may be named twice. */
function retag(
  {
    state,
    region,
    arns,
  }: { readonly state: State; readonly region: string; readonly arns: readonly string[] },
  change: (present: readonly Pair[]) => readonly Pair[],
): Change {
  const changed = arns.reduce((result, arn) => {
    const one = taggedAt(result, region, arn);
    return one.withTags(result, change(one.tags));
  }, state);
  return { state: changed, result: {} };
}

/** The actions about tags. */
export const tagActions: Readonly<Record<string, Action>> = {
  /** Adds tags, or gives tags that are there another value. */
  AddTags: write((state, parameters, { region }) => {
    const arns = fewStrings(parameters, 'ResourceArns');
    requiredStructureList(parameters, 'Tags');
    const added = parseTags(parameters);
    return retag({ state, region, arns }, (present) => mergeTags(present, added, MAX_TAGS_V2));
  }),
  /** The tags of 1 to 20 resources, of any kinds. */
  DescribeTags: read((state, parameters, { region }) => ({
    TagDescriptions: members(
      fewStrings(parameters, 'ResourceArns').map((arn) => ({
        ResourceArn: arn,
        Tags: describePairs(taggedAt(state, region, arn).tags),
      })),
    ),
  })),
  /** A key that is not there is not an error. */
  RemoveTags: write((state, parameters, { region }) => {
    const arns = fewStrings(parameters, 'ResourceArns');
    const keys = requiredStringList(parameters, 'TagKeys').map((key, index) =>
      checkTagKey(key, `tagKeys.${index + 1}.member`),
    );
    return retag({ state, region, arns }, (present) => present.filter(({ key }) => !keys.includes(key)));
  }),
};
