import type { LoadBalancerIdentity } from '../core/model.js';
import type { StepReference } from '../core/record.js';
import type { Step } from '../core/step.js';
import type { ElasticLoadBalancing } from './ports.js';

/** A step that this run may have put into effect. */
export interface StandingWrite {
  readonly api: ElasticLoadBalancing;
  readonly loadBalancer: LoadBalancerIdentity;
  /** With the list as the service shows it. */
  readonly step: Step;
  readonly reference: StepReference;
  /** Whether a read showed it. If not, it may still show up. */
  readonly seen: boolean;
  /** Whether the service said that it took it. */
  readonly taken: boolean;
  /** Whether reads were made until patience ended, and did not show it. */
  readonly waited: boolean;
}
