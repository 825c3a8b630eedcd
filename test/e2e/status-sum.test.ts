import { describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startService } from '../helpers/service.js';
import { onTerminal } from '../helpers/terminal.js';
import { findPeer } from '../peers/peer.js';

const tmux = findPeer('tmux', 'apt-get install tmux');

/** Three load balancers, four instance ports: on is `a` 8443, and `b` 8443 without being sent. */
const seed: Seed = {
  loadBalancers: (['a', 'b', 'c'] as const).map((name) => ({
    name,
    tags: { team: name === 'c' ? 'core' : 'edge' },
    listeners: [
      { protocol: name === 'b' ? 'HTTP' : 'TCP', loadBalancerPort: 443, instancePort: 8443 },
      ...(name === 'a' ? [{ protocol: 'TCP', loadBalancerPort: 444, instancePort: 9443 } as const] : []),
    ],
    ...(name === 'c'
      ? {}
      : {
          policies: [
            {
              policyName: 'p',
              policyTypeName: 'ProxyProtocolPolicyType',
              attributes: { ProxyProtocol: 'true' },
            },
          ],
          backendPolicies: [{ instancePort: 8443, policyNames: ['p'] }],
        }),
  })),
};

describe('the sum of a status', () => {
  it.skipIf(tmux === undefined)(
    'counts what a filter hides, and says which load balancers it is about',
    async () => {
      await using service = await startService(seed);
      const all = '3 load balancers in us-east-1';
      const three = 'PROXY is on for 1 of 4 instance ports, on but not sent on 1.';
      for (const [options, sum] of [
        [[], `${all}: ${three}`],
        [['--only', 'on'], `${all}, 2 of them shown: ${three}`],
        [['--only', 'on', '--details'], `${all}, 2 of them shown: ${three}`],
        [['--only', 'off'], `${all}, 2 of them shown: ${three}`],
        [
          ['--tag', 'team=edge'],
          '2 load balancers with the tag team=edge in us-east-1: PROXY is on for 1 of 3 instance ports, on but not sent on 1.',
        ],
        [
          ['--tag', 'team=edge', '--only', 'off'],
          '2 load balancers with the tag team=edge in us-east-1, 1 of them shown: PROXY is on for 1 of 3 instance ports, on but not sent on 1.',
        ],
        [['a', 'c'], '2 load balancers of these names in us-east-1: PROXY is on for 1 of 3 instance ports.'],
        [['--kind', 'classic'], `3 Classic Load Balancers in us-east-1: ${three}`],
      ] as const) {
        await using terminal = await onTerminal(tmux ?? '', ['status', ...options], {
          endpoint: service.endpoint,
          columns: 160,
        });
        const { code, screen } = await terminal.end();
        expect(code).toBe(0);
        expect(screen).toContain(`\n${sum}\n`);
      }
    },
  );

  it('counts in Markdown what a filter hides, even if it hides all', async () => {
    await using service = await startService(seed);
    const head = async (...options: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await elbProxyHere(['status', '-o', 'markdown', ...options], service);
      return stdout.split('\n').filter((line, index) => line !== '' && index < 3);
    };
    const on = '### PROXY protocol: on for 1 of 4 instance ports, on but not sent on 1';
    expect(await head('--only', 'on')).toEqual([on, '3 load balancers in `us-east-1`, 2 of them shown']);
    expect(await head('--kind', 'classic')).toEqual([on, '3 Classic Load Balancers in `us-east-1`']);
    expect(await head('--tag', 'team=core', '--only', 'on')).toEqual([
      '### PROXY protocol: on for 0 of 1 instance port',
      '1 load balancer with the tag `team=core` in `us-east-1`, none of them shown',
    ]);
  });
});
