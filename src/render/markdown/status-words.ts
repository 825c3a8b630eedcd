import { type LeftOut, leftOutWords } from '../text/left-out.js';
import { stateWithDefault, type Unit } from '../text/proxy-state.js';
import { codeSpans } from './code-span.js';
import { prose } from './prose.js';

/** Fields that the service left out of its answers; nothing where it answered everything. */
export function notKnownBlocks(notKnown: LeftOut | undefined): readonly string[] {
  if (notKnown === undefined) return [];
  const { fields } = notKnown;
  return [
    ...(fields.length === 0 ? [] : [`Not known: the service left ${codeSpans(fields)} out of its answers.`]),
    ...leftOutWords({ ...notKnown, fields: [] }).map((words) => `Not known: ${prose(words)}.`),
  ];
}

const signs = { enabled: '●', disabled: '○', conflicting: '▲' } as const;

/** The state of a port or target group, with its sign. */
export function stateWords(unit: Unit): string {
  return `${signs[unit.proxyProtocol]} ${stateWithDefault(unit)}`;
}
