import type { ProcessSight } from '../../src/core/liveness.js';
import type { Holder } from '../../src/core/record.js';

// Hosts that share a state directory, and their processes. Process ids come round at once: a new process gets the least
// number that is free.

/** A host, as its runs see it. */
export interface Host {
  /** Starts a process. */
  readonly start: () => Process;
  /** Ends all processes and begins another boot. */
  readonly reboot: () => void;
}

/** A process of a host. */
export interface Process {
  readonly host: Host;
  readonly holder: Holder;
  /** What its host shows of a process id. */
  readonly look: (pid: number) => ProcessSight;
  readonly isAlive: () => boolean;
  readonly end: () => void;
}

/** @param machine absent for a system that shows of a process its id and when it began by the wall clock, no more */
function makeHost(host: string, machine: string | undefined, now: () => number): Host {
  const alive = new Map<number, { readonly started: string; readonly startedAt: number }>();
  let [boots, ticks] = [1, 0];
  const made: Host = {
    start: () => {
      let pid = 1;
      while (alive.has(pid)) pid++;
      const started = `${++ticks}`;
      const own = { started, startedAt: now() };
      alive.set(pid, own);
      const marks =
        machine === undefined ? {} : { machine, boot: `${machine} ${boots}`, space: 'one', started };
      const isAlive = (): boolean => alive.get(pid) === own;
      return {
        host: made,
        holder: { pid, host, ...marks },
        look: (of) => {
          const seen = alive.get(of);
          if (seen === undefined) return { alive: false };
          const { startedAt } = seen;
          return { alive: true, startedAt, ...(machine === undefined ? {} : { started: seen.started }) };
        },
        isAlive,
        end: () => {
          if (isAlive()) alive.delete(pid);
        },
      };
    },
    reboot: () => {
      boots++;
      // Starts are counted from the boot: they come round as well.
      ticks = 0;
      alive.clear();
    },
  };
  return made;
}

/** A host, another with its name, and one that shows little, each with a number that the journal's holders do not clash on. */
export function makeHosts(now: () => number): readonly [Host, Host, Host] {
  return [makeHost('ops', 'm1', now), makeHost('ops', 'm2', now), makeHost('laptop', undefined, now)];
}
