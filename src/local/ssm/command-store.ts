import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service-error.js';
import type { Finished, Running, RunOnInstance } from './run-probe.js';

/** A command as `SendCommand` described it. */
export interface SentCommand {
  readonly id: string;
  readonly region: string;
  readonly documentName: string;
  readonly comment: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly instanceIds: readonly string[];
  readonly timeoutSeconds: number;
  readonly requestedAt: Date;
}

/** The state of a command on an instance. */
export interface InvocationState {
  readonly status: 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';
  readonly details: string;
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** The course of a command on an instance: it runs, fails at once, or waits because the agent is away. */
export type Fate =
  | { readonly kind: 'run'; readonly run: RunOnInstance }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'away' };

interface Invocation {
  state: InvocationState;
  readonly away: boolean;
  stop?: (() => void) | undefined;
}

const pending: InvocationState = { status: 'Pending', details: 'Pending', code: -1, output: '', errors: '' };
/** Commands that are remembered; the service forgets after 30 days. */
const remembered = 1000;
/** Scripts that run side by side. */
const atOnce = 10;

/** Commands and their results, for as long as the service runs. */
export class CommandStore {
  readonly #commands = new Map<
    string,
    { readonly command: SentCommand; readonly on: Map<string, Invocation> }
  >();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #now: () => Date;
  #running = 0;
  #closed = false;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Stores a command and starts it. */
  add(given: Omit<SentCommand, 'id' | 'requestedAt'>, fates: ReadonlyMap<string, Fate>): SentCommand {
    const command: SentCommand = { ...given, id: randomUUID(), requestedAt: this.#now() };
    const on = new Map<string, Invocation>();
    this.#commands.set(command.id, { command, on });
    const [oldest] = this.#commands.keys();
    if (this.#commands.size > remembered && oldest !== undefined) this.#commands.delete(oldest);
    for (const [instanceId, fate] of fates) {
      const invocation: Invocation = { state: pending, away: fate.kind === 'away' };
      on.set(instanceId, invocation);
      if (fate.kind === 'refused')
        invocation.state = { ...pending, status: 'Failed', details: 'Failed', code: 1, errors: fate.why };
      if (fate.kind === 'run') this.#begin(invocation, fate.run);
    }
    return command;
  }

  /** A command with its invocations as they are now. @throws ServiceError `InvalidCommandId` */
  find(id: string, region: string) {
    const found = this.#commands.get(id);
    if (found === undefined || found.command.region !== region)
      throw new ServiceError('InvalidCommandId', `There is no command ${id} in ${region}`);
    const { command, on } = found;
    const late = this.#now().getTime() > command.requestedAt.getTime() + command.timeoutSeconds * 1000;
    for (const invocation of on.values()) {
      if (invocation.away && invocation.state.status === 'Pending' && late)
        invocation.state = { ...pending, status: 'TimedOut', details: 'Delivery Timed Out' };
    }
    return {
      command,
      invocations: [...on].map(([instanceId, { state }]) => ({ instanceId, ...state })),
    };
  }

  /** Cancels the invocations that have not ended. */
  cancel(id: string, region: string, instanceIds: readonly string[]): void {
    this.find(id, region);
    for (const [instanceId, invocation] of this.#commands.get(id)?.on ?? []) {
      if (instanceIds.length > 0 && !instanceIds.includes(instanceId)) continue;
      if (!['Pending', 'InProgress'].includes(invocation.state.status)) continue;
      invocation.state = { ...pending, status: 'Cancelled', details: 'Cancelled' };
      invocation.stop?.();
    }
  }

  /** Ends everything that runs. */
  close(): void {
    this.#closed = true;
    for (const { on } of this.#commands.values()) for (const { stop } of on.values()) stop?.();
  }

  #begin(invocation: Invocation, run: RunOnInstance): void {
    const start = async (): Promise<void> => {
      if (this.#closed || invocation.state.status !== 'Pending') return this.#next();
      this.#running++;
      invocation.state = { ...pending, status: 'InProgress', details: 'InProgress' };
      const running: Running = run();
      invocation.stop = running.stop;
      const finished = await running.finished;
      if (invocation.state.status === 'InProgress') invocation.state = stateOf(finished);
      invocation.stop = undefined;
      this.#running--;
      this.#next();
    };
    if (this.#running < atOnce) void start();
    else this.#waiting.push(start);
  }

  #next(): void {
    void this.#waiting.shift()?.();
  }
}

function stateOf({ code, timedOut, output, errors }: Finished): InvocationState {
  if (timedOut) return { status: 'TimedOut', details: 'Execution Timed Out', code: 1, output, errors };
  const status = code === 0 ? 'Success' : 'Failed';
  return { status, details: status, code: code ?? 1, output, errors };
}
