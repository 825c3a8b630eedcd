import type { ActionContext } from '../action.js';
import { invalidSeed } from '../read-seed.js';
import type { CheckedSeed } from '../seed.js';
import type { Alarm } from '../shapes.js';
import { followRules, ruleFault } from './alarm-rule.js';

/** A seed's alarms. @throws LocalElbError naming the alarm at fault */
export function seededAlarms(
  { alarms = [] }: CheckedSeed,
  { region: home, now }: Pick<ActionContext, 'region' | 'now'>,
): readonly Alarm[] {
  const at = now().toISOString();
  const made = alarms.map(({ region = home, state = 'OK', ...rest }) => ({
    ...rest,
    region,
    state,
    reason: 'as the seed says',
    createdAt: at,
    updatedAt: at,
    transitionedAt: at,
  }));
  for (const [index, { name, region, rule }] of made.entries()) {
    if (made.findIndex((other) => other.name === name && other.region === region) !== index)
      throw invalidSeed(`alarm ${name}: there are two with that name in ${region}`);
    const fault = rule === undefined ? undefined : ruleFault(rule);
    if (fault !== undefined) throw invalidSeed(`alarm ${name}, rule: ${fault}`);
  }
  const regions = [...new Set(made.map(({ region }) => region))];
  // A composite alarm whose state the seed gives keeps it until one of its children moves.
  const free = made.filter((_, index) => alarms[index]?.state === undefined);
  const followed = regions.reduce<readonly Alarm[]>((all, region) => followRules(all, region, at), made);
  return made.map((alarm, index) => (free.includes(alarm) ? (followed[index] ?? alarm) : alarm));
}
