import type { TargetHealthSource } from './elbv2/target-state.js';
import type { HealthSource } from './instance-state.js';
import type { Parameters } from './request-parameters.js';
import type { State } from './shapes.js';
import type { XmlElements } from './xml.js';

/** What an action knows beside the state and its parameters. */
export interface ActionContext {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => Date;
  readonly health: HealthSource;
  readonly targetHealth: TargetHealthSource;
  /** It sets the stage: times may be shorter than the API would take them. */
  readonly seeding?: boolean;
}

/** An action that only looks. */
export interface ReadAction {
  readonly kind: 'read';
  readonly name: string;
  /** The elements of the result. @throws ServiceError */
  readonly run: (state: State, parameters: Parameters, context: ActionContext) => XmlElements;
}

/** The state after a change, and the elements of the result. */
export interface Change {
  readonly state: State;
  readonly result: XmlElements;
}

/** An action that changes something. The same state given back means that there was nothing to change. */
export interface WriteAction {
  readonly kind: 'write';
  readonly name: string;
  /** The changed state. @throws ServiceError, and then nothing has changed */
  readonly run: (state: State, parameters: Parameters, context: ActionContext) => Change;
}

/** One action of either ELB API. */
export type Action = ReadAction | WriteAction;
