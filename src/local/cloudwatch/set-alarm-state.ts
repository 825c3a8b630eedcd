import type { ActionContext } from '../action.js';
import { optionalString, type Parameters, requiredString } from '../request-parameters.js';
import { constraintError, ServiceError } from '../service-error.js';
import type { AlarmState, State } from '../shapes.js';
import { alarmStates, followRules } from './alarm-rule.js';

/**
 * `SetAlarmState`: the state stays until it is set again, since no metric is measured here. Composite alarms follow.
 */
export function setAlarmState(state: State, parameters: Parameters, { region, now }: ActionContext): State {
  const name = requiredString(parameters, 'AlarmName');
  const value = stateValue(requiredString(parameters, 'StateValue'));
  const reason = requiredString(parameters, 'StateReason');
  checkReasonData(optionalString(parameters, 'StateReasonData'));
  const isIt = (alarm: State['alarms'][number]) => alarm.region === region && alarm.name === name;
  if (!state.alarms.some(isIt)) throw new ServiceError('ResourceNotFound', 404, `Unknown alarm ${name}`);
  const at = now().toISOString();
  const set = state.alarms.map((alarm) =>
    isIt(alarm)
      ? {
          ...alarm,
          state: value,
          reason,
          updatedAt: at,
          transitionedAt: alarm.state === value ? alarm.transitionedAt : at,
        }
      : alarm,
  );
  // A composite alarm that is set itself keeps that state until one of its children moves.
  const own = set.find(isIt)?.rule;
  return { ...state, alarms: own === undefined ? followRules(set, region, at) : set };
}

function stateValue(text: string): AlarmState {
  const found = alarmStates.find((state) => state === text);
  if (found !== undefined) return found;
  throw constraintError(text, 'stateValue', `satisfy enum value set: [${alarmStates.join(', ')}]`);
}

function checkReasonData(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError('InvalidFormat', 400, 'The state reason data is not valid JSON');
  }
}
