import type { Seed } from './seed-shape.js';

/**
 * The `demo` seed. `web` is the case that goes wrong by hand: instance port 8443 carries two back-end
 * authentication policies, in an order that is not alphabetical: setting only the PROXY policy
 * there loses them. `legacy` has an HTTP listener with an HTTP health check, and the PROXY protocol on
 * already, under Terraform's name and spelling.
 *
 * `edge` is a Network Load Balancer with two target groups: `edge-app` is off, has the port behind `web`'s SSL listener,
 * and its HTTP check goes where the traffic goes, so that it is still right after a switch; `edge-mail` sends version 2
 * already, and its TCP check passes whether or not the target understands the header.
 *
 * `web-errors` is a CloudWatch alarm to rehearse a roll back with: `aws cloudwatch set-alarm-state`.
 *
 * Its instances are at 127.0.0.1, and InService as soon as something listens there on 8443 (`web`) or answers
 * 200 on 8080 (`legacy`); those of `edge` are healthy as soon as something answers on 9000 and listens on 2526. A backend
 * has to listen on 127.0.0.1 and not on all addresses: ports 8443 and 2525 are also listeners' own, at the load
 * balancers' addresses. Ports 443 and 80 need a privilege on most systems.
 *
 * To Systems Manager, the second instance of `web` is away, and that of `legacy` runs Windows.
 */
export const demoSeed: Seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: [
        { protocol: 'TCP', loadBalancerPort: 443, instanceProtocol: 'TCP', instancePort: 8443 },
        {
          protocol: 'SSL',
          loadBalancerPort: 8443,
          instanceProtocol: 'TCP',
          instancePort: 9000,
          sslCertificateId: 'arn:aws:iam::123456789012:server-certificate/web',
        },
      ],
      policies: [
        {
          policyName: 'backend-key',
          policyTypeName: 'PublicKeyPolicyType',
          attributes: {
            PublicKey:
              'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0demo0demo0demo0demo0demo0demo0demo0demo0demo0IDAQAB',
          },
        },
        {
          policyName: 'z-auth',
          policyTypeName: 'BackendServerAuthenticationPolicyType',
          attributes: { PublicKeyPolicyName: 'backend-key' },
        },
        {
          policyName: 'b-auth',
          policyTypeName: 'BackendServerAuthenticationPolicyType',
          attributes: { PublicKeyPolicyName: 'backend-key' },
        },
      ],
      backendPolicies: [{ instancePort: 8443, policyNames: ['z-auth', 'b-auth'] }],
      instances: ['i-0a1b2c3d4e5f60001', 'i-0a1b2c3d4e5f60002'],
      healthCheck: { target: 'TCP:8443' },
      tags: { team: 'edge', environment: 'demo' },
    },
    {
      name: 'legacy',
      listeners: [
        { protocol: 'HTTP', loadBalancerPort: 80, instanceProtocol: 'HTTP', instancePort: 8080 },
        { protocol: 'TCP', loadBalancerPort: 2525, instanceProtocol: 'TCP', instancePort: 2525 },
      ],
      policies: [
        {
          policyName: 'TFEnableProxyProtocol',
          policyTypeName: 'ProxyProtocolPolicyType',
          attributes: { ProxyProtocol: 'True' },
        },
      ],
      backendPolicies: [{ instancePort: 2525, policyNames: ['TFEnableProxyProtocol'] }],
      instances: ['i-0a1b2c3d4e5f60003'],
      healthCheck: { target: 'HTTP:8080/health' },
      tags: { team: 'mail' },
    },
  ],
  elbv2: {
    targetGroups: [
      {
        name: 'edge-app',
        protocol: 'TCP',
        port: 9000,
        targets: ['i-0a1b2c3d4e5f60001', 'i-0a1b2c3d4e5f60002'],
        healthCheck: { protocol: 'HTTP', path: '/' },
      },
      {
        name: 'edge-mail',
        protocol: 'TCP',
        port: 2526,
        targets: ['i-0a1b2c3d4e5f60003'],
        attributes: { 'proxy_protocol_v2.enabled': 'true' },
      },
    ],
    loadBalancers: [
      {
        name: 'edge',
        listeners: [
          { protocol: 'TCP', port: 9080, targetGroups: ['edge-app'] },
          { protocol: 'TCP', port: 9025, targetGroups: ['edge-mail'] },
        ],
        tags: { team: 'edge', environment: 'demo' },
      },
    ],
  },
  alarms: [
    {
      name: 'web-errors',
      description: 'too many failed requests',
      namespace: 'Web',
      metricName: 'FailedRequests',
      dimensions: { service: 'web' },
    },
  ],
  managedInstances: [
    { id: 'i-0a1b2c3d4e5f60002', ping: 'ConnectionLost' },
    { id: 'i-0a1b2c3d4e5f60003', platform: 'Windows' },
  ],
};
