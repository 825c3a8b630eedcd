import { defaultPolicyName } from '../../core/change.js';
import { planFacts } from '../../core/change-facts.js';
import { nextCommand } from '../../core/next-command.js';
import type { Plan, PlanChange } from '../../core/plan.js';
import type { Step } from '../../core/step.js';
import { shellWord } from '../commands/shell-word.js';
import { fenced } from './blocks.js';

/** A name that needs no quotes and is not an option. */
const simple = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** A longer one is not reviewed. */
const longestCommand = 2000;

type Options = Readonly<Record<string, string | true | undefined>>;

/** The name of a plan file that is still to be written. */
const notWrittenYet = 'plan.json';

/** How a reviewed plan is carried out: by its file, if one was written, or by planning afresh with its digest. */
export function howToApply(plan: Plan, file: string | undefined): string {
  const again = planAgain(plan);
  const options = { 'expect-digest': plan.digest, 'endpoint-url': endpointOf(plan) };
  return fenced('sh', [
    file === undefined
      ? `# no plan file was written: run the dry run again with --out ${notWrittenYet}, then`
      : '# the plan file that this dry run wrote',
    nextCommand('apply', [file ?? notWrittenYet], options),
    ...(again === undefined ? [] : ['# or: plan afresh, and go on only if it comes out the same', again]),
  ]);
}

/** The command that makes this plan; undefined if the plan does not show it. */
export function planAgain(plan: Plan): string | undefined {
  const end = { 'endpoint-url': endpointOf(plan), 'expect-digest': plan.digest };
  if (plan.action === 'undo')
    return plan.undoes === undefined ? undefined : nextCommand('undo', [plan.undoes], end);
  const [first, ...others] = plan.changes;
  if (first === undefined) return undefined;
  const places = placeOption(first, others);
  const names = [...new Set(plan.changes.map(({ loadBalancer }) => loadBalancer.name))];
  const groups = plan.changes.flatMap(({ targetGroup }) => targetGroup?.name ?? []);
  if (
    places === undefined ||
    !groups.every((name) => simple.test(name)) ||
    ![...names, first.loadBalancer.region].every((name) => simple.test(name))
  )
    return undefined;
  const command = nextCommand(plan.action, names, {
    ...places,
    region: first.loadBalancer.region,
    ...fleetOption(plan.changes),
    ...particulars(plan.changes, plan.action),
    ...end,
  });
  return command.length > longestCommand ? undefined : command;
}

/** The option that chooses what is switched; undefined if no single option does. */
function placeOption(first: PlanChange, others: readonly PlanChange[]): Options | undefined {
  const { region } = first.loadBalancer;
  if (others.some(({ loadBalancer }) => loadBalancer.region !== region)) return undefined;
  if (first.targetGroup !== undefined) {
    const groups = [first, ...others].flatMap(({ targetGroup }) => targetGroup?.name ?? []);
    return groups.length === others.length + 1 ? { 'target-group': groups.join(',') } : undefined;
  }
  const ports = String(first.affects.instancePorts);
  const same = others.every(
    (other) => other.targetGroup === undefined && String(other.affects.instancePorts) === ports,
  );
  return same ? { port: ports } : undefined;
}

/** Changing several at once has to be allowed by their number. */
function fleetOption(changes: readonly PlanChange[]): Options {
  const { loadBalancers } = planFacts({ changes });
  return loadBalancers < 2 ? {} : { 'max-changes': String(loadBalancers) };
}

function particulars(changes: readonly PlanChange[], action: Plan['action']): Options {
  const forced = [...new Set(changes.flatMap((change) => change.forced))].toSorted();
  // Without asking the backends again there would be nothing to overrule, and so another digest.
  const asked = changes.some(({ hazards }) => hazards.some(({ code }) => code.startsWith('backend-')));
  return {
    ...(action === 'disable' ? deleteOption(changes) : nameOption(changes)),
    ...(asked ? { 'verify-backends': true as const } : {}),
    ...(forced.length === 0 ? {} : { force: forced.join(',') }),
  };
}

function deleteOption(changes: readonly PlanChange[]): Options {
  const steps = changes.flatMap((change): readonly Step[] => change.steps);
  const deletes = steps.some(({ call }) => call === 'DeleteLoadBalancerPolicy');
  return deletes ? { 'delete-policy': true } : {};
}

function nameOption(changes: readonly PlanChange[]): Options {
  const added = changes
    .flatMap(({ steps }): readonly Step[] => steps)
    .flatMap((step) =>
      step.call === 'SetLoadBalancerPoliciesForBackendServer'
        ? step.after.filter((name) => !step.before.includes(name))
        : [],
    );
  const named = [...new Set(added)].filter((name) => name !== defaultPolicyName && simple.test(name));
  return named.length === 1 ? { 'policy-name': named[0] } : {};
}

/** @throws a usage error for one with characters that a reviewer could not see */
function endpointOf({ endpoint }: Plan): string | undefined {
  if (endpoint !== undefined) shellWord(endpoint);
  return endpoint;
}
