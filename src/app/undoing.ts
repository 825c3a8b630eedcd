import { placeWords } from '../core/caller.js';
import type { Moved } from '../core/drift.js';
import { nextCommand, statusCommand } from '../core/next-command.js';
import type { PlanChange } from '../core/plan.js';
import type { Step } from '../core/step.js';
import { type ElbProxyError, worldError } from '../errors.js';
import type { Emit } from './events.js';
import { undoRefusedAt } from './held-to-endpoint.js';
import type { HistoryEntry } from './history.js';
import type { Clock, WriteDependencies } from './ports.js';

/** The dependencies of an undo's plan. */
export interface UndoDependencies extends Pick<WriteDependencies, 'api' | 'networkApi'> {
  readonly clock: Clock;
  readonly emit: Emit;
}

/** The change that undoes one change of a plan, or the name of its load balancer or group if that no longer exists. */
export type Undone = { readonly endpoint: string | undefined } & (
  | { readonly change: PlanChange; readonly gone?: undefined }
  | { readonly change?: undefined; readonly gone: string }
);

/** One change of a journaled plan, and those of its steps that are, or may be, in effect. */
export interface Undoing<C extends PlanChange, S extends Step> {
  readonly entry: HistoryEntry;
  readonly made: C;
  readonly standing: readonly S[];
  /** A change of late is not believed to be undone because a read does not show it. */
  readonly young: boolean;
}

/** @throws ElbProxyError `other-endpoint` if the change was made at another endpoint than the one that is asked */
export function holdToEndpoint({ entry }: Undoing<PlanChange, Step>, asked: string | undefined): void {
  const refusal = undoRefusedAt(asked, entry);
  if (refusal !== undefined) throw refusal;
}

/** The error if something has changed since the change that is to be undone. */
export function leftOtherwise(
  { changeId, plan: made }: HistoryEntry,
  { name, region }: PlanChange['loadBalancer'],
  moved: readonly Moved[],
  options: Readonly<Record<string, string>>,
): ElbProxyError {
  const instead = made.action === 'enable' ? 'disable' : 'enable';
  return worldError(
    `load balancer ${name} (${region}) is not as change ${changeId} left it: ${inWords(moved, 'was left as')}. Nothing was written.`,
    'stale-plan',
    made.action === 'undo'
      ? `look at what is there now: ${statusCommand({ name, region })}`
      : `to keep what others changed, use: ${nextCommand(instead, [name], { ...options, region })}`,
  );
}

/** A load balancer of the same name, elsewhere or later: nothing that is done here is a way back. */
export function anotherOne(
  { changeId, plan: made }: HistoryEntry,
  { loadBalancer: { name, region } }: PlanChange,
  moved: readonly Moved[],
): ElbProxyError {
  const place = placeWords(made);
  const there = nextCommand('undo', [changeId], { 'endpoint-url': made.endpoint });
  return worldError(
    `load balancer ${name} (${region}) is not the one that change ${changeId} was made on: ${inWords(moved, 'was')}. Nothing was written.`,
    'stale-plan',
    `another load balancer has taken the name, or this is a different account or endpoint: the change was made on ${place || 'an account that was not recorded'}. There: ${there}`,
  );
}

function inWords(moved: readonly Moved[], then: 'was' | 'was left as'): string {
  return moved.map(({ what, expected, found }) => `${what} ${then} ${expected}, is ${found}`).join('; ');
}
