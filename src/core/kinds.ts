/** The two kinds of load balancers. */
export const loadBalancerKinds = ['classic', 'network'] as const;

/** One of them. */
export type LoadBalancerKind = (typeof loadBalancerKinds)[number];
