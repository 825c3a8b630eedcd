import { fleetOptions, forceOption, planOptions, portOptions, runOptions, verifyOption } from '../options.js';
import { summaryOption } from '../summary.js';
import { digestOption } from './expect-digest.js';
import { guardOptions } from './guard-options.js';
import { lockOptions } from './lock-options.js';

/** Options of every command that carries out a plan. */
export const carryOutOptions = {
  ...digestOption,
  ...summaryOption,
  ...runOptions,
  ...lockOptions,
  ...guardOptions,
};

/** Options of every command that makes a plan, and carries it out unless it is only to be shown. */
export const changeOptions = { ...planOptions, ...carryOutOptions };

/** Options of the commands that change named load balancers' ports. */
export const portChangeOptions = {
  ...portOptions,
  ...fleetOptions,
  ...forceOption,
  ...verifyOption,
  ...changeOptions,
};

/** IAM actions of every command that carries out a plan: it reads what it pins, and must be able to put back. */
export const carryOutIam = [
  'DescribeLoadBalancers',
  'DescribeLoadBalancerPolicies',
  'CreateLoadBalancerPolicy',
  'SetLoadBalancerPoliciesForBackendServer',
  'DeleteLoadBalancerPolicy',
] as const;

/** The same for those that make the plan: its hazards want instances' health and tags. */
export const changeIam = [...carryOutIam, 'DescribeInstanceHealth', 'DescribeTags'] as const;
