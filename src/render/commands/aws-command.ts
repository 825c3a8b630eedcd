import type { LoadBalancerIdentity } from '../../core/model.js';
import type { Step } from '../../core/step.js';
import { callInput } from './call-input.js';
import { jsonWord, shellWord } from './shell-word.js';

/**
 * A value that means nothing to a shell and nothing to the AWS CLI, which takes a leading dash for an option, reads
 * `file://…` as a file's name, and splits `a=b,c=d`.
 */
const simple = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const subcommands = {
  CreateLoadBalancerPolicy: 'create-load-balancer-policy',
  SetLoadBalancerPoliciesForBackendServer: 'set-load-balancer-policies-for-backend-server',
  DeleteLoadBalancerPolicy: 'delete-load-balancer-policy',
} as const satisfies Record<Step['call'], string>;

/** The AWS CLI's command that makes a step's call, on one line, for a POSIX shell. */
export function awsCommand(
  { name, region }: Pick<LoadBalancerIdentity, 'name' | 'region'>,
  step: Step,
  endpoint: string | undefined,
): string {
  const where = ['--region', shellWord(region)];
  const at = endpoint === undefined ? [] : ['--endpoint-url', shellWord(endpoint)];
  const values = valuesOf(name, step).every((value) => simple.test(value));
  // Names that AWS would not take, but a clone of its API may: as JSON nothing reads anything into them.
  const input = values
    ? ['--load-balancer-name', name, ...optionsOf(step)]
    : ['--cli-input-json', jsonWord(callInput(name, step))];
  return ['aws elb', subcommands[step.call], ...where, ...at, ...input].join(' ');
}

function valuesOf(name: string, step: Step): readonly string[] {
  if (step.call === 'SetLoadBalancerPoliciesForBackendServer') return [name, ...step.after];
  return [name, step.policyName, step.policyTypeName, ...Object.entries(step.attributes).flat()];
}

function optionsOf(step: Step): readonly string[] {
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
