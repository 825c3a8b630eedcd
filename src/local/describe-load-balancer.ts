import { hostedZoneId } from './hosted-zone.js';
import type { HealthCheck, LoadBalancer, Policy } from './shapes.js';
import { members, type XmlElements } from './xml.js';

/** A health check as the API reports it. */
export const describeHealthCheck = (healthCheck: HealthCheck): XmlElements => ({
  Target: healthCheck.target,
  Interval: healthCheck.interval,
  Timeout: healthCheck.timeout,
  UnhealthyThreshold: healthCheck.unhealthyThreshold,
  HealthyThreshold: healthCheck.healthyThreshold,
});

const attribute = (policy: Policy, name: string): string | undefined =>
  policy.attributes.find((one) => one.name === name)?.value;

function describePolicies(policies: readonly Policy[]): XmlElements {
  const ofType = (type: string): readonly Policy[] => policies.filter((one) => one.policyTypeName === type);
  const app = ofType('AppCookieStickinessPolicyType');
  const lb = ofType('LBCookieStickinessPolicyType');
  return {
    AppCookieStickinessPolicies: members(
      app.map((one) => ({ PolicyName: one.policyName, CookieName: attribute(one, 'CookieName') })),
    ),
    LBCookieStickinessPolicies: members(
      lb.map((one) => ({
        PolicyName: one.policyName,
        CookieExpirationPeriod: attribute(one, 'CookieExpirationPeriod'),
      })),
    ),
    // Names only, of every type but stickiness; DescribeLoadBalancerPolicies gives the types.
    OtherPolicies: members(
      policies.filter((one) => !app.includes(one) && !lb.includes(one)).map((one) => one.policyName),
    ),
  };
}

/** A load balancer as DescribeLoadBalancers reports it. */
export const describeLoadBalancer = (one: LoadBalancer): XmlElements => ({
  LoadBalancerName: one.loadBalancerName,
  DNSName: one.dnsName,
  CanonicalHostedZoneName: one.dnsName,
  CanonicalHostedZoneNameID: hostedZoneId(one.region),
  ListenerDescriptions: members(
    one.listeners.map((listener) => ({
      Listener: {
        Protocol: listener.protocol,
        LoadBalancerPort: listener.loadBalancerPort,
        InstanceProtocol: listener.instanceProtocol,
        InstancePort: listener.instancePort,
        SSLCertificateId: listener.sslCertificateId,
      },
      PolicyNames: members(listener.policyNames),
    })),
  ),
  Policies: describePolicies(one.policies),
  BackendServerDescriptions: members(
    one.backendPolicies.map(({ instancePort, policyNames }) => ({
      InstancePort: instancePort,
      PolicyNames: members(policyNames),
    })),
  ),
  AvailabilityZones: members(one.availabilityZones),
  Subnets: members(one.subnets),
  VPCId: one.vpcId,
  Instances: members(one.instances.map((id) => ({ InstanceId: id }))),
  HealthCheck: describeHealthCheck(one.healthCheck),
  SourceSecurityGroup: {
    OwnerAlias: one.sourceSecurityGroup.ownerAlias,
    GroupName: one.sourceSecurityGroup.groupName,
  },
  SecurityGroups: members(one.securityGroups),
  CreatedTime: one.createdTime,
  Scheme: one.scheme,
});
