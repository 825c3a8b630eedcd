import { describe, expect, it } from 'vitest';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startFleet } from '../helpers/fleet.js';
import { onTerminal } from '../helpers/terminal.js';
import { findPeer } from '../peers/peer.js';

const on = {
  policies: [
    { policyName: 'proxy', policyTypeName: 'ProxyProtocolPolicyType', attributes: { ProxyProtocol: 'true' } },
  ],
};

/** A port that sends, one that would behind HTTP, one that is off, one behind HTTP that is off, and an empty shell. */
const mixed = [
  {
    name: 'edge',
    tags: { team: 'edge' },
    listeners: [
      { protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 },
      { protocol: 'TCP', loadBalancerPort: 444, instancePort: 8443 },
      { protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 },
      { protocol: 'TCP', loadBalancerPort: 25, instancePort: 2525 },
    ],
    ...on,
    backendPolicies: [
      { instancePort: 8443, policyNames: ['proxy'] },
      { instancePort: 8080, policyNames: ['proxy'] },
    ],
    healthCheck: { target: 'TCP:2525' },
  },
  { name: 'shop', listeners: [{ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 80 }] },
];

const rows = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

describe('status without a name', () => {
  it('prints tab-separated lines and nothing else to a pipe, one for each instance port', async () => {
    await using fleet = await startFleet(mixed);
    const ran = await elbProxyHere(['status'], fleet);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(rows(ran.stdout)).toEqual([
      ['edge', 'us-east-1', 'classic', '2525', 'TCP:25', 'off', '-'],
      ['edge', 'us-east-1', 'classic', '8080', 'HTTP:80', 'on, not sent', 'http-listener'],
      ['edge', 'us-east-1', 'classic', '8443', 'TCP:443,TCP:444', 'on', 'shared-instance-port'],
      ['shop', 'us-east-1', 'classic', '80', 'HTTP:80', 'off', '-'],
    ]);
  });

  it.each([
    ['on', ['8080', '8443']],
    ['off', ['2525', '80']],
    ['attention', ['8080', '8443']],
  ])('and with --only %s keeps the ports %j', async (only, ports) => {
    await using fleet = await startFleet(mixed);
    const ran = await elbProxyHere(['status', '--only', only], fleet);
    expect(ran.code).toBe(0);
    expect(rows(ran.stdout).map(([, , , port]) => port)).toEqual(ports);
  });

  it('and with --only keeps whole load balancers in JSON, whose shape stays', async () => {
    await using fleet = await startFleet(mixed);
    const { loadBalancers } = (await elbProxyHere(['status', '--only', 'on', '-o', 'json'], fleet)).json();
    expect(loadBalancers.map(({ name }: { name: string }) => name)).toEqual(['edge']);
    expect(
      loadBalancers[0].instancePorts.map(({ instancePort, sends }: Record<string, unknown>) => [
        instancePort,
        sends,
      ]),
    ).toEqual([
      [2525, 'none'],
      [8080, 'none'],
      [8443, 'all'],
    ]);
  });

  it('draws each load balancer with --details', async () => {
    await using fleet = await startFleet(mixed);
    const { stdout } = await elbProxyHere(['status', '--details'], fleet);
    expect(stdout).toMatch(/^edge \(us-east-1/m);
    expect(stdout).toMatch(/HTTP 80 +──→ 8080 HTTP +● on, not sent/);
    expect(stdout).toContain('PROXY is on for 1 of 4 instance ports, on but not sent on 1.');
  });

  const tmux = findPeer('tmux', 'apt-get install tmux');
  it.skipIf(tmux === undefined)(
    'is a table of one line a port on a terminal of 80 columns, with the sum under it',
    async () => {
      await using fleet = await startFleet(mixed);
      await using terminal = await onTerminal(tmux ?? '', ['status'], { endpoint: fleet.endpoint });
      const screen = await terminal.shows('[ended]');
      expect(screen).toMatch(/^NAME +REGION +KIND +PORT +LISTENERS +PROXY +ATTENTION/m);
      expect(screen).toMatch(/^edge +us-east-1 +classic +8443 +TCP:443 \+1 +on +shared-instance-port/m);
      expect(screen).toContain('2 load balancers in us-east-1: PROXY is on for 1 of 4 instance ports');
    },
  );
});

describe('a check on nothing', () => {
  it.each([
    [
      'a misspelt tag',
      ['--tag', 'team=egde'],
      'none of the 2 load balancers in us-east-1 has the tag team=egde',
    ],
    [
      'a filter',
      ['--tag', 'team=edge', '--only', 'attention', '--region', 'eu-west-1'],
      'there is no Classic or Network Load Balancer in eu-west-1',
    ],
  ])('says, by %s, what it matched, and is exit 4 under --expect', async (_, args, message) => {
    await using fleet = await startFleet(mixed);
    const shown = await elbProxyHere(['status', ...args], fleet);
    expect(shown).toMatchObject({ code: 0, stdout: '' });
    expect(shown.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    const expected = await elbProxyHere(['status', ...args, '--expect', 'enabled', '-o', 'json'], fleet);
    expect(expected.code).toBe(4);
    expect(expected.json().loadBalancers).toEqual([]);
    expect(expected.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  });

  it('is exit 4 under --expect in a region without load balancers, too', async () => {
    await using fleet = await startFleet([]);
    const ran = await elbProxyHere(['status', '--expect', 'disabled'], fleet);
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(ran.stderr).toContain('there is no Classic or Network Load Balancer in us-east-1');
  });
});
