import type { Alarm, AlarmState } from '../shapes.js';

/** The states that alarms can be in. */
export const alarmStates: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** Whether a composite alarm's rule holds, given the states of other alarms; one that does not exist has no state. */
type Holds = (stateOf: (name: string) => AlarmState | undefined) => boolean;

/** A token of a rule: a bracket, an operator, or a function with its alarm's name or ARN, quoted or not. */
const word =
  /\s*(?:(\()|(\))|(AND|OR|NOT|TRUE|FALSE)\b|(OK|ALARM|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^"()\s]+))\s*\))/y;

interface Word {
  readonly text: string;
  readonly alarm?: string;
}

function wordsOf(rule: string): readonly Word[] {
  const words: Word[] = [];
  const end = rule.trimEnd().length;
  word.lastIndex = 0;
  for (let at = 0; at < end; at = word.lastIndex) {
    const match = word.exec(rule);
    if (match === null) throw new SyntaxError(`"${rule.slice(at).trim().slice(0, 40)}" can't be read`);
    const [, open, close, operator, state, quoted, bare] = match;
    const name = quoted ?? bare;
    words.push({
      text: open ?? close ?? operator ?? state ?? '',
      ...(name === undefined ? {} : { alarm: name.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, '') }),
    });
  }
  return words;
}

/**
 * A composite alarm's rule, such as `ALARM("a") AND NOT OK(b)`: AND binds closer than OR, as in CloudWatch's own
 * grammar (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html).
 * @throws SyntaxError
 */
function parseRule(rule: string): Holds {
  const words = wordsOf(rule);
  let at = 0;
  const either = (): Holds => {
    const one = both();
    if (words[at]?.text !== 'OR') return one;
    at++;
    const other = either();
    return (stateOf) => one(stateOf) || other(stateOf);
  };
  const both = (): Holds => {
    const one = single();
    if (words[at]?.text !== 'AND') return one;
    at++;
    const other = both();
    return (stateOf) => one(stateOf) && other(stateOf);
  };
  const single = (): Holds => {
    const next = words[at++];
    const { alarm, text } = next ?? { text: 'its end' };
    if (alarm !== undefined) return (stateOf) => stateOf(alarm) === text;
    switch (text) {
      case 'TRUE':
      case 'FALSE':
        return () => text === 'TRUE';
      case 'NOT': {
        const inner = single();
        return (stateOf) => !inner(stateOf);
      }
      case '(': {
        const inner = either();
        if (words[at++]?.text !== ')') throw new SyntaxError('a bracket is not closed');
        return inner;
      }
      default:
        throw new SyntaxError(`${text} is where an alarm's state is expected`);
    }
  };
  const holds = either();
  if (at < words.length) throw new SyntaxError(`${words[at]?.text ?? ''} follows the rule's end`);
  return holds;
}

/** The error in a rule; undefined if it is valid. */
export function ruleFault(rule: string): string | undefined {
  try {
    parseRule(rule);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}

/** Gives each composite alarm of a region the state that its rule says; round by round, since one may watch another. */
export function followRules(alarms: readonly Alarm[], region: string, at: string): readonly Alarm[] {
  let now = alarms;
  for (let round = 0; round < alarms.length; round++) {
    const before = now;
    now = before.map((alarm) => {
      if (alarm.region !== region || alarm.rule === undefined) return alarm;
      const holds = parseRule(alarm.rule)(
        (name) => before.find((other) => other.region === region && other.name === name)?.state,
      );
      const state = holds ? 'ALARM' : 'OK';
      return state === alarm.state
        ? alarm
        : { ...alarm, state, reason: `${alarm.rule} is ${holds}`, updatedAt: at, transitionedAt: at };
    });
    if (now.every((alarm, index) => alarm === before[index])) break;
  }
  return now;
}
