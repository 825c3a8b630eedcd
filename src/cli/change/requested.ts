import type { PlanRequest } from '../../app/make-plan.js';
import type { Tag } from '../../core/model.js';
import type { Places } from './group-options.js';
import type { VerifyFrom } from './instance-probe.js';

/** The arguments that only `enable` or only `disable` takes. */
export type Particulars =
  | Pick<Extract<PlanRequest, { action: 'enable' }>, 'action' | 'policyName' | 'forced'>
  | Pick<Extract<PlanRequest, { action: 'disable' }>, 'action' | 'deletePolicy' | 'forced'>;

/** The ports or target groups, and their load balancers, to change. */
export interface ChangeRequest {
  readonly names: readonly string[];
  readonly tags: readonly Tag[];
  readonly places: Places | undefined;
  readonly maxChanges: number;
  readonly region: string | undefined;
  /** `here`, or `instances` with how they are asked; undefined if neither is probed. */
  readonly verifyBackends: VerifyFrom | undefined;
}
