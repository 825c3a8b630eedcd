// The part of the AWS SDK that every run uses. The build makes one file of it, beside the program: help and what else
// asks nothing of AWS is started without it.

export {
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
export {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand as DescribeNetworkLoadBalancersCommand,
  DescribeTagsCommand as DescribeNetworkTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
export { HttpRequest, HttpResponse } from '@smithy/core/protocols';
export { AdaptiveRetryStrategy, DefaultRateLimiter, StandardRetryStrategy } from '@smithy/core/retry';
