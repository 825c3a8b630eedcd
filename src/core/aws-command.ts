import { callInput } from './call-input.js';
import type { LoadBalancerIdentity } from './model.js';
import { modifyOptions, modifyValues } from './network/modify-step.js';
import { awsOptions } from './next-command.js';
import type { ClassicStep, Step } from './step.js';

/** A value that a shell and the AWS CLI take as it is: no leading dash, no `file://…`, no `a=b,c=d`. */
const simple = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const subcommands = {
  CreateLoadBalancerPolicy: 'aws elb create-load-balancer-policy',
  SetLoadBalancerPoliciesForBackendServer: 'aws elb set-load-balancer-policies-for-backend-server',
  DeleteLoadBalancerPolicy: 'aws elb delete-load-balancer-policy',
  ModifyTargetGroupAttributes: 'aws elbv2 modify-target-group-attributes',
} as const satisfies Record<Step['call'], string>;

/** The AWS CLI's command that makes a step's call as the same caller, on one line, for a POSIX shell. */
export function awsCommand(
  { name, region }: Pick<LoadBalancerIdentity, 'name' | 'region'>,
  step: Step,
  endpoint: string | undefined,
): string {
  const values = valuesOf(name, step).every((value) => simple.test(value));
  // Names that AWS would not accept, but a clone of its API may: as JSON they are never interpreted.
  const input = values ? optionsOf(name, step) : ['--cli-input-json', jsonWord(callInput(name, step))];
  return [subcommands[step.call], ...awsOptions(region, endpoint), ...input].join(' ');
}

function valuesOf(name: string, step: Step): readonly string[] {
  if (step.call === 'ModifyTargetGroupAttributes') return modifyValues(step);
  if (step.call === 'SetLoadBalancerPoliciesForBackendServer') return [name, ...step.after];
  return [name, step.policyName, step.policyTypeName, ...Object.entries(step.attributes).flat()];
}

function optionsOf(name: string, step: Step): readonly string[] {
  return step.call === 'ModifyTargetGroupAttributes'
    ? modifyOptions(step)
    : ['--load-balancer-name', name, ...policyOptions(step)];
}

function policyOptions(step: ClassicStep): readonly string[] {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return [
        `--policy-name ${step.policyName}`,
        `--policy-type-name ${step.policyTypeName}`,
        ...attributeOption(step.attributes),
      ];
    case 'SetLoadBalancerPoliciesForBackendServer':
      return [
        `--instance-port ${step.instancePort}`,
        // The CLI has no other way to say "none".
        `--policy-names ${step.after.length === 0 ? '"[]"' : step.after.join(' ')}`,
      ];
    case 'DeleteLoadBalancerPolicy':
      return [`--policy-name ${step.policyName}`];
  }
}

function attributeOption(attributes: Readonly<Record<string, string>>): readonly string[] {
  const pairs = Object.entries(attributes).map(
    ([name, value]) => `AttributeName=${name},AttributeValue=${value}`,
  );
  return pairs.length === 0 ? [] : [`--policy-attributes ${pairs.join(' ')}`];
}

/** JSON as one word of a POSIX shell, with `\u` escapes for the quote and all that is not visible ASCII. */
export function jsonWord(value: object): string {
  const json = JSON.stringify(value).replaceAll(
    /[^ -&(-~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${json}'`;
}
