import type { TargetHealthSource } from './elbv2/target-state.js';
import type { HealthSource } from './instance-state.js';
import type { Parameters } from './request-parameters.js';
import type { State } from './shapes.js';
import type { XmlElements } from './xml.js';

/** An action's input besides the state and its parameters. */
export interface ActionContext {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => Date;
  readonly health: HealthSource;
  readonly targetHealth: TargetHealthSource;
  /** Whether a seed is being applied: its times may be shorter than the API allows. */
  readonly seeding?: boolean;
}

/** The state after a change, and the elements of the result. */
export interface Change {
  readonly state: State;
  readonly result: XmlElements;
}

/** @throws ServiceError, and then nothing has changed */
type Run<Result> = (state: State, parameters: Parameters, context: ActionContext) => Result;

/** One action of either ELB API. A write that gives the same state back had nothing to change. */
export type Action =
  | { readonly kind: 'read'; readonly run: Run<XmlElements> }
  | { readonly kind: 'write'; readonly run: Run<Change> };

/** An action that only reads. */
export function read(run: Run<XmlElements>): Action {
  return { kind: 'read', run };
}

/** An action that changes something. */
export function write(run: Run<Change>): Action {
  return { kind: 'write', run };
}
