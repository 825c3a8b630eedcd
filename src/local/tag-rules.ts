import { entriesOf, type Pair, pairsOf } from './pairs.js';
import { requiredStructureList, structureList } from './request-lists.js';
import { type Parameters, requiredString } from './request-parameters.js';
import { constraintError, ServiceError, validationError } from './service-error.js';

const MAX_TAGS = 10;

/** How many tags a resource of ELBv2 can have. */
export const MAX_TAGS_V2 = 50;

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const pattern = 'satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$';

/** A tag's key, by the service's rules. @throws ServiceError */
export function checkTagKey(key: string, at: string): string {
  if (key === '') throw constraintError(key, at, 'have length greater than or equal to 1');
  if (key.length > 128) throw constraintError(key, at, 'have length less than or equal to 128');
  if (!allowed.test(key)) throw constraintError(key, at, pattern);
  return key;
}

const checkKey = (one: Parameters, at: string): string =>
  checkTagKey(requiredString(one, 'Key', `${at}.key`), `${at}.key`);

/** The keys of RemoveTags' `Tags.member.N`. */
export const parseTagKeys = (parameters: Parameters): readonly string[] =>
  requiredStructureList(parameters, 'Tags').map((one, index) => checkKey(one, `tags.${index + 1}.member`));

/** The tags of a request's `Tags.member.N`. */
export function parseTags(parameters: Parameters): readonly Pair[] {
  // A list that was sent empty, which is not the same as one that was left out.
  if (parameters.has('Tags')) throw constraintError('[]', 'tags', 'have length greater than or equal to 1');
  const tags = structureList(parameters, 'Tags').map((one, index) => {
    const at = `tags.${index + 1}.member`;
    const key = checkKey(one, at);
    const value = one.get('Value') ?? '';
    if (value.length > 256) {
      throw constraintError(value, `${at}.value`, 'have length less than or equal to 256');
    }
    if (!allowed.test(value)) throw constraintError(value, `${at}.value`, pattern);
    if (/^aws:/i.test(key)) {
      throw validationError('aws: prefixed tag key names are not allowed for external use.');
    }
    return { key, value };
  });
  const twice = tags.find(({ key }, index) => tags.findIndex((one) => one.key === key) !== index);
  if (twice !== undefined) {
    throw new ServiceError('DuplicateTagKeys', `Tag key ${twice.key} was specified more than once.`);
  }
  return tags;
}

/** The tags with others added, `most` in all; a key that is already there gets the new value. */
export function mergeTags(
  present: readonly Pair[],
  added: readonly Pair[],
  most = MAX_TAGS,
): readonly Pair[] {
  const merged = entriesOf([...present, ...added]);
  // Tags of AWS's own, which only a seed can bring, do not count.
  if ([...merged.keys()].filter((key) => !key.startsWith('aws:')).length > most) {
    const what = most === MAX_TAGS ? 'load balancer' : 'resource';
    throw new ServiceError('TooManyTags', `A ${what} can have at most ${most} tags.`);
  }
  return pairsOf(merged);
}
