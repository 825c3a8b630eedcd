import type { ActionContext } from '../action.js';
import { enumParameter, type Parameters, requiredString } from '../request-parameters.js';
import { constraintError, ServiceError } from '../service-error.js';
import type { State } from '../shapes.js';
import { alarmStates, followRules } from './alarm-rule.js';

/**
 * `SetAlarmState`: the state stays until it is set again, since no metric is measured here. Composite alarms follow.
 */
export function setAlarmState(state: State, parameters: Parameters, { region, now }: ActionContext): State {
  const name = requiredString(parameters, 'AlarmName');
  const value = enumParameter(parameters, 'StateValue', alarmStates);
  if (value === undefined) throw constraintError(null, 'stateValue', 'not be null');
  const reason = requiredString(parameters, 'StateReason');
  checkReasonData(parameters.get('StateReasonData'));
  const isIt = (alarm: State['alarms'][number]) => alarm.region === region && alarm.name === name;
  if (!state.alarms.some(isIt)) throw new ServiceError('ResourceNotFound', `Unknown alarm ${name}`, 404);
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

function checkReasonData(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError('InvalidFormat', 'The state reason data is not valid JSON');
  }
}
