import type { HealthCheck } from '../../core/model.js';
import type { Clock } from '../ports.js';
import { type Checked, checkByCall } from './check-by-call.js';
import type { GuardWatcher } from './watcher.js';

/** Milliseconds between two checks: the account's other callers share the API's rate. */
const everyMs = 3000;

/** An instance or a target, as the service itself reports it. */
export interface Member {
  readonly name: string;
  /** Whether it gets traffic. */
  readonly isUp: boolean;
  /** Its state in words: `i-1 is OutOfService`. */
  readonly state: string;
}

/** The watched members: a load balancer's instances, or a target group's targets. */
interface HealthWatched {
  /** The load balancer's or the target group's name. */
  readonly name: string;
  readonly readMembers: () => Promise<readonly Member[]>;
  readonly readCheck: () => Promise<HealthCheckPace | Blind>;
  readonly words: HealthWords;
}

/** A health check's pace; times in seconds. */
export type HealthCheckPace = Pick<HealthCheck, 'interval' | 'unhealthyThreshold'>;

/** Why the service's health can't be relied on here, and what to do. */
export interface Blind {
  readonly seen: string;
  readonly hint: string;
}

/** The words that differ between instances and targets. */
export interface HealthWords {
  readonly member: 'instance' | 'target';
  /** Describes a member that gets traffic: `in service`. */
  readonly up: string;
  /** The same behind a count: `InService`. */
  readonly counted: string;
  /** Describes several that don't: `are out`. */
  readonly down: string;
  /** Between a member and what it is registered with: `with`. */
  readonly registered: string;
}

/** Watches the health that the service reports: each member that was up before the change must stay up. */
export function healthWatcher(watched: HealthWatched, clock: Clock): GuardWatcher {
  const { name, words } = watched;
  /** Up before the change, and registered since. */
  let kept: readonly string[] = [];
  let known: ReadonlySet<string> = new Set();
  let holdMs: number | undefined;

  const allUp = (): Checked => ({
    passed: true,
    seen: `${kept.length} of ${counted(kept.length, words)} ${words.counted}`,
  });

  const firstLook = async (): Promise<Checked> => {
    const [check, members] = await Promise.all([watched.readCheck(), watched.readMembers()]);
    known = new Set(members.map((member) => member.name));
    kept = members.filter(({ isUp }) => isUp).map((member) => member.name);
    const blind = 'seen' in check ? check : whyBlind(check, members, words);
    if (blind !== undefined) return { passed: false, ...blind };
    holdMs = 'seen' in check ? undefined : noticedWithin(check);
    return allUp();
  };

  const laterLook = async (): Promise<Checked> => {
    const members = await watched.readMembers();
    const names = new Set(members.map((member) => member.name));
    const place = `${words.registered} ${name}`;
    const notes = [
      ...kept
        .filter((one) => !names.has(one))
        .map((one) => `${one} is no longer registered ${place}, and no longer watched`),
      ...[...names]
        .filter((one) => !known.has(one))
        .map((one) => `${one} was registered ${place}; it was not there before, so it is not watched`),
    ];
    known = new Set([...known, ...names]);
    kept = kept.filter((one) => names.has(one));
    if (kept.length === 0) {
      const seen = `no ${words.member} that was ${words.up} before is registered any more`;
      return { passed: false, seen, notes };
    }
    const out = members.filter((member) => kept.includes(member.name) && !member.isUp);
    const [first] = out;
    if (first === undefined) return { ...allUp(), notes };
    const others = out.length === 1 ? '' : ` (${out.length} of ${counted(kept.length, words)} ${words.down})`;
    return { passed: false, seen: first.state + others, notes };
  };

  return {
    before: () => checkByCall(name, firstLook(), clock),
    look: () => checkByCall(name, laterLook(), clock),
    everyMs: () => everyMs,
    // The service has already waited for as many failed checks as its owner wants.
    patient: false,
    holdMs: () => holdMs,
    noticesAfterMs: () => holdMs,
  };
}

/** Why health proves nothing here; undefined if it does. */
function whyBlind(
  check: HealthCheckPace,
  members: readonly Member[],
  { member, up, registered }: HealthWords,
): Blind | undefined {
  if (noticedWithin(check) === undefined)
    return {
      seen: 'the service does not say how often its health check runs, so how long to watch is not known',
      hint: 'watch with another guard, such as --guard http:/path',
    };
  const article = member === 'instance' ? 'an' : 'a';
  const hint = `watch with another guard, such as --guard http:/path, or bring ${article} ${member} into service first`;
  const [first] = members;
  if (first === undefined) return { seen: `no ${member} is registered ${registered} it`, hint };
  if (members.some(({ isUp }) => isUp)) return undefined;
  const none =
    members.length === 1 ? `its only ${member} is not` : `none of its ${members.length} ${member}s is`;
  return { seen: `${none} ${up}: ${first.state}`, hint };
}

/** Milliseconds within which the health check notices a fault: enough failed checks in a row, and one interval more. */
function noticedWithin({ interval, unhealthyThreshold }: HealthCheckPace): number | undefined {
  if (interval === undefined || unhealthyThreshold === undefined) return undefined;
  return (interval * unhealthyThreshold + interval) * 1000;
}

function counted(count: number, { member }: HealthWords): string {
  return `${count} ${member}${count === 1 ? '' : 's'}`;
}
