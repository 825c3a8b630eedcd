import { describe, expect, it } from 'vitest';
import { choosePorts } from '../../src/core/choose-ports.js';
import { auth, listener, lists, web } from './builders.js';

const loadBalancer = web({
  listeners: [
    listener({ loadBalancerPort: 443, instancePort: 8443 }),
    listener({ loadBalancerPort: 465, instancePort: 8443, protocol: 'SSL' }),
    listener({ loadBalancerPort: 80, instancePort: 8080, protocol: 'HTTP' }),
    listener({ loadBalancerPort: 25, instancePort: 25 }),
  ],
  policies: [auth('a')],
  backendServers: lists({ 9000: ['a'] }),
});

describe('the chosen ports', () => {
  it('are given ascending and each once', () => {
    expect(choosePorts(loadBalancer, [8443, 25, 8443])).toEqual({ ports: [25, 8443] });
  });

  it('may be behind an HTTP listener, or a port that has policies and no listener', () => {
    expect(choosePorts(loadBalancer, [9000, 8080])).toEqual({ ports: [8080, 9000] });
  });

  it('are with "all" those behind TCP and SSL listeners: not HTTP, not stale ones', () => {
    expect(choosePorts(loadBalancer, 'all')).toEqual({ ports: [25, 8443] });
  });

  it('are none with "all" where only HTTP listeners are', () => {
    expect(choosePorts(web({ listeners: [listener({ protocol: 'HTTPS' })] }), 'all')).toEqual({ ports: [] });
  });
});

describe('a port that is not an instance port', () => {
  it('a load balancer port instead of an instance port is answered with where that forwards to', () => {
    expect(choosePorts(loadBalancer, [443])).toEqual({
      wrong: { port: 443, forwardsTo: [8443], instancePorts: [25, 8080, 8443, 9000] },
    });
  });

  it('a port that is no port of the load balancer at all is answered with the ports that are there', () => {
    expect(choosePorts(loadBalancer, [8443, 22])).toEqual({
      wrong: { port: 22, forwardsTo: [], instancePorts: [25, 8080, 8443, 9000] },
    });
  });

  it('is not confused with one that is both: the instance port is meant', () => {
    expect(choosePorts(loadBalancer, [25])).toEqual({ ports: [25] });
  });
});
