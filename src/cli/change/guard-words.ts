import type { AppEvent } from '../../app/events.js';
import type { Clock } from '../../app/ports.js';
import { printable } from '../../render/printable.js';

type Watching = Extract<AppEvent, { code: 'guard-watching' }>;

/** Progress in words that change while a guard watches. */
export interface GuardWords {
  /** Takes an event; returns whether only these words show it. */
  readonly take: (event: AppEvent) => boolean;
  /** The words now. */
  readonly words: () => string;
}

/** Shows what is watched, how long it has passed and how long is left; otherwise that the run is working. */
export function guardWords({ now }: Pick<Clock, 'now'>): GuardWords {
  let last: { readonly event: Watching; readonly at: number } | undefined;
  return {
    take: (event) => {
      if (event.code === 'guard-watching') {
        last = { event, at: now().getTime() };
        return true;
      }
      if (event.code === 'step-started' || event.code === 'rolling-back') last = undefined;
      return false;
    },
    words: () =>
      last === undefined ? 'working, under guard' : watchingWords(last.event, now().getTime() - last.at),
  };
}

/** @param sinceMs how long ago the event was */
export function watchingWords({ where: ports, progress }: Watching, sinceMs: number): string {
  const where = portWords(ports);
  const failing = progress.find((one) => one.failing !== undefined);
  if (failing !== undefined)
    return printable(`${where}: guard ${failing.name} fails: ${failing.failing ?? ''}`);
  const names = progress.map(({ name }) => name).join(', ');
  const until = progress.toSorted((one, other) => left(other) - left(one))[0];
  if (until === undefined || progress.some(({ passing }) => !passing))
    return printable(`${where}: guard ${names}: looking`);
  const passed = Math.min(until.heldMs + sinceMs, until.holdMs);
  return printable(
    `${where}: guard ${names}: passing for ${seconds(passed)}, ${seconds(until.holdMs - passed)} left`,
  );
}

/** `web:8443 and 3 more`. */
function portWords(ports: Watching['where']): string {
  const [first] = ports;
  const name =
    first === undefined ? '' : `${first.loadBalancer.name}:${first.targetGroup ?? first.instancePort}`;
  return ports.length > 1 ? `${name} and ${ports.length - 1} more` : name;
}

function left({ holdMs, heldMs }: Watching['progress'][number]): number {
  return holdMs - heldMs;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
