import { expect, it } from 'vitest';
import type { Context } from '../../../src/cli/context.js';
import { anyLoadBalancer } from '../../../src/cli/verify/verify-targets.js';
import { web } from '../../core/builders.js';

it('a load balancer is the one that the service answers with, in whatever letter case it was asked for', async () => {
  const found = web({ name: 'Web-1' });
  const api = {
    region: 'us-east-1',
    async *describeLoadBalancers() {
      yield [web({ name: 'other' }), found];
    },
  };
  const context = { api: async () => api } as unknown as Context;
  for (const name of ['Web-1', 'web-1', 'WEB-1'])
    expect(await anyLoadBalancer(name, undefined, context), name).toBe(found);
});
