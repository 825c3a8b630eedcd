import type { LoadBalancer } from '../../src/core/model.js';
import type { HaproxyOptions } from '../../src/haproxy/haproxy-options.js';
import { auth, listener, lists, proxy, web } from '../core/builders.js';

/** A load balancer and options, and so a configuration. */
export interface Case {
  readonly loadBalancer: LoadBalancer;
  readonly options: HaproxyOptions;
}

const healthCheck = {
  target: 'TCP:8443',
  interval: 30,
  timeout: 5,
  unhealthyThreshold: 2,
  healthyThreshold: 10,
};
const instanceIds = ['i-0a1b2c3d4e5f60001', 'i-0a1b2c3d4e5f60002'];
const tcp = { protocol: 'TCP', instanceProtocol: 'TCP' } as const;

function of(found: Partial<LoadBalancer>, options: HaproxyOptions = {}): Case {
  return {
    loadBalancer: web({ healthCheck, instanceIds, policies: [auth('z-auth'), proxy('pp')], ...found }),
    options,
  };
}

/** Text that ends lines, words, quotes and comments wherever it is not kept from it. */
export const hostileText =
  "x\n    daemon\r\nglobal\u2028 user root\u0000 \"'$HOME' # \\ %[env(HOME)] \u202E\u001B[2J\\";

/** Each has a golden file of its name, and HAProxy is asked about each. */
export const cases: Readonly<Record<string, Case>> = {
  'tcp-with-policy': of({
    listeners: [
      listener(),
      listener({ ...tcp, loadBalancerPort: 444, instancePort: 9443 }),
      listener({ ...tcp, loadBalancerPort: 8443, instancePort: 8443 }),
    ],
    backendServers: lists({ 8443: ['z-auth', 'pp'], 9443: ['z-auth'] }),
  }),
  'ssl-listener': of(
    {
      listeners: [
        listener({
          protocol: 'SSL',
          instanceProtocol: 'TCP',
          policyNames: ['ELBSecurityPolicy-2016-08'],
        }),
      ],
      backendServers: lists({ 8443: ['pp'] }),
    },
    { certificate: "/tmp/o'hara's certificates/web #1.pem", backends: ['127.0.0.2', '127.0.0.3'] },
  ),
  'ssl-listener-without-certificate': of({ listeners: [listener({ protocol: 'SSL' })] }),
  'http-with-websockets': of(
    {
      listeners: [
        listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 }),
        listener({ protocol: 'HTTPS', instanceProtocol: 'HTTP', instancePort: 8080 }),
        listener({ ...tcp, loadBalancerPort: 8000, instancePort: 8090 }),
      ],
      backendServers: lists({ 8090: ['pp'] }),
      healthCheck: { ...healthCheck, target: 'HTTP:8080/health' },
    },
    { bind: '*', backends: ['localhost'], certificate: '/tmp/web.pem' },
  ),
  'http-without-policy': of(
    {
      listeners: [listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 })],
      healthCheck: { ...healthCheck, target: 'HTTPS:8443/health?full=1' },
    },
    { bind: '::1', backends: ['::1'] },
  ),
  mixed: of({
    listeners: [
      listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 }),
      listener({ ...tcp, loadBalancerPort: 81, instancePort: 8080 }),
      listener({ ...tcp, loadBalancerPort: 82, instancePort: 7000 }),
    ],
    policies: [proxy('pp'), proxy('TFEnableProxyProtocol', 'True'), proxy('off', 'false')],
    backendServers: lists({ 7000: ['off', 'pp'], 8080: ['TFEnableProxyProtocol'] }),
    healthCheck: { ...healthCheck, target: 'TCP:8080' },
  }),
  'policy-behind-http-only': of({
    listeners: [listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 })],
    backendServers: lists({ 8080: ['pp'] }),
    healthCheck: { ...healthCheck, target: 'HTTP:8080/' },
  }),
  'stale-port': of({
    listeners: [listener()],
    backendServers: lists({ 7000: ['pp'], 7001: ['z-auth'] }),
    healthCheck: undefined,
    instanceIds: undefined,
  }),
  'ssl-backend': of(
    {
      listeners: [
        listener({ protocol: 'SSL', instancePort: 8443 }),
        listener({ ...tcp, instanceProtocol: 'SSL', loadBalancerPort: 444, instancePort: 9443 }),
        listener({ protocol: 'HTTPS', loadBalancerPort: 445, instancePort: 10443 }),
      ],
      backendServers: lists({ 8443: ['pp'] }),
      healthCheck: { ...healthCheck, target: 'SSL:8443' },
    },
    { certificate: '/tmp/web.pem' },
  ),
  'hostile-names': of({
    name: hostileText,
    region: hostileText,
    instanceIds: [hostileText, ...Array.from({ length: 30 }, (_, index) => `i-${index}`)],
    listeners: [
      listener({ policyNames: [hostileText] }),
      listener({ ...tcp, loadBalancerPort: 443, instancePort: 9443 }),
      listener({ protocol: `TCP${hostileText}`, loadBalancerPort: 444 }),
      listener({ ...tcp, instanceProtocol: hostileText, loadBalancerPort: 445 }),
      listener({ ...tcp, loadBalancerPort: 0 }),
      listener({ ...tcp, loadBalancerPort: 446, instancePort: 70_000 }),
      listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 }),
    ],
    policies: [proxy(hostileText), proxy('y'.repeat(500))],
    backendServers: lists({ 8443: [hostileText, 'y'.repeat(500)] }),
    healthCheck: {
      target: `HTTP:8443/it's/"#$HOME\\%[env(HOME)]`,
      interval: Number.NaN,
      timeout: -5,
      unhealthyThreshold: 0,
      healthyThreshold: 1.5,
    },
  }),
  'hostile-health-check': of({ healthCheck: { target: `HTTP:8443/${hostileText}` } }),
};
