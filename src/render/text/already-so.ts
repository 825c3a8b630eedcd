import type { Action, PlanChange } from '../../core/plan.js';
import type { ReportedChange } from '../../core/report.js';
import { changePlace } from './change-place.js';

/** Why a change of a plan needs no call. */
export function alreadySo(change: PlanChange | ReportedChange, action: Action): string {
  const place = changePlace(change);
  switch (action) {
    case 'enable':
      return `the PROXY protocol is already on for ${place}`;
    case 'disable':
      return `the PROXY protocol is already off for ${place}`;
    case 'undo':
      return 'it is already as it was before that change';
  }
}
