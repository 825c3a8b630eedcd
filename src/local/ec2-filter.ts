import type { Parameters } from './request-parameters.js';
import { ServiceError } from './service-error.js';

/** The properties of an instance to filter by, under the filter's own name. */
export type Filtered = Readonly<
  Record<'instance-id' | 'instance-state-name' | 'private-ip-address' | 'vpc-id', string | undefined>
>;

type FilterName = keyof Filtered | 'tag';

function filterName(name: string): FilterName {
  switch (name) {
    case 'instance-id':
    case 'instance-state-name':
    case 'private-ip-address':
    case 'vpc-id':
      return name;
    default:
      if (/^tag(:|-key$)/.test(name)) return 'tag';
      throw new ServiceError('InvalidParameterValue', `The filter '${name}' is not known here`);
  }
}

/** Whether text matches a filter's value, where `*` matches any characters and `?` one. */
function matches(text: string, value: string): boolean {
  const pattern = value.replace(/[^*?]+/g, (plain) => plain.replace(/\W/g, '\\$&'));
  return new RegExp(`^${pattern.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 's').test(text);
}

/**
 * The `Filter.N` of a request, as a condition; instances have no tags here. A filter that is not known is refused:
 * ignoring it would return instances that were not asked for.
 */
export function ec2Filter(parameters: Parameters): (instance: Filtered) => boolean {
  const filters = [...parameters].flatMap(([key, name]) => {
    const index = /^Filter\.(\d+)\.Name$/.exec(key)?.[1];
    if (index === undefined) return [];
    const values = [...parameters].filter(([other]) => other.startsWith(`Filter.${index}.Value.`));
    return [{ name: filterName(name), values: values.map(([, value]) => value) }];
  });
  return (instance) =>
    filters.every(({ name, values }) => {
      const field = name === 'tag' ? undefined : instance[name];
      return field !== undefined && values.some((value) => matches(field, value));
    });
}
