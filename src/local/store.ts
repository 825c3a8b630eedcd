import { messageOf } from '../errors.js';
import { ServiceError } from './service-error.js';
import type { State } from './shapes.js';

/** The new state after a change, and the change's result. */
export interface Outcome<Result> {
  readonly state: State;
  readonly result: Result;
}

/** Holds the state; its changes happen one after the other. */
export interface Store {
  /** The state as it was last acknowledged. */
  readonly current: () => State;
  /** Runs a change when all before it are through. @throws the change's own error; then nothing has changed */
  readonly change: <Result>(run: (state: State) => Outcome<Result>) => Promise<Result>;
  /** Waits until no change is under way. */
  readonly settled: () => Promise<void>;
}

/** The steps that a {@link createStore | store} takes with a changed state. */
export interface StoreHooks {
  /** Saves it, before any request sees it; when this rejects, the change has not happened. */
  readonly save: (state: State) => Promise<void>;
  /** Applies it to the data planes, before the change is answered. */
  readonly follow: (state: State) => Promise<void>;
}

/** A store that starts with a state. */
export function createStore(initial: State, hooks: StoreHooks): Store {
  let state = initial;
  let last: Promise<unknown> = Promise.resolve();

  async function apply<Result>(run: (state: State) => Outcome<Result>): Promise<Result> {
    const outcome = run(state);
    if (outcome.state !== state) {
      try {
        await hooks.save(outcome.state);
      } catch (error) {
        throw new ServiceError(
          'InternalFailure',
          `The change was not made, since the state could not be saved: ${messageOf(error)}`,
          500,
        );
      }
      state = outcome.state;
      await hooks.follow(state);
    }
    return outcome.result;
  }

  return {
    current: () => state,
    change: (run) => {
      const result = last.then(() => apply(run));
      last = result.catch(() => undefined);
      return result;
    },
    settled: async () => {
      await last;
    },
  };
}
