import type { StepReference } from '../core/record.js';
import type { Switched, WrittenStep } from './switched.js';

/** A step that this run may have put into effect. */
export interface StandingWrite extends WrittenStep {
  readonly switched: Switched;
  readonly reference: StepReference;
  /** Whether reads were made until patience ended, and did not show it. */
  readonly waited: boolean;
}
