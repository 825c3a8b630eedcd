import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { freePort } from '../helpers/free-ports.js';
import { bothKindsAt, handsOn } from '../helpers/network-service.js';

// Somebody else's emulator of ELBv2; see moto.test.ts. It lists no default of the attribute, calls a Network Load Balancer's
// ARN `app`, takes any value, and lets two load balancers share a group.
const there = spawnSync('python3', ['-c', 'import moto.server, flask']).status === 0;
if (!there) console.log('skipped: moto is not installed; to get it: pip install "moto[server]"');

describe.skipIf(!there)('against moto, a Network Load Balancer', () => {
  let endpoint = '';
  let stop: () => void = () => undefined;
  let hands: ReturnType<typeof handsOn>;

  beforeAll(async () => {
    const port = await freePort();
    const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    stop = () => void child.kill();
    endpoint = `http://127.0.0.1:${port}`;
    hands = handsOn(endpoint);
    for (let tries = 0; ; tries++) {
      try {
        await hands.client.describeLoadBalancers({});
        break;
      } catch (error) {
        if (tries === 100) throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, 200);
        });
      }
    }
  });

  afterAll(() => {
    hands.client.destroy();
    stop();
  });

  const subnets = async (): Promise<string[]> => {
    const body = new URLSearchParams({ Action: 'DescribeSubnets', Version: '2016-11-15' });
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'AWS4-HMAC-SHA256 Credential=x/20261129/us-east-1/ec2/aws4_request',
      },
      body,
    });
    const text = await answer.text();
    return [...text.matchAll(/<subnetId>([^<]+)</g)].map(([, id = '']) => id).slice(0, 1);
  };

  /** A load balancer with a listener to one group; gives the group's ARN. */
  const create = async (name: string, group = name): Promise<string> => {
    const { LoadBalancers } = await hands.client.createLoadBalancer({
      Name: name,
      Type: 'network',
      Subnets: await subnets(),
    });
    const { TargetGroups } = await hands.client.createTargetGroup({
      Name: group,
      Protocol: 'TCP',
      Port: 8443,
      VpcId: LoadBalancers?.[0]?.VpcId,
      TargetType: 'ip',
      HealthCheckProtocol: 'TCP',
    });
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    await hands.client.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'TCP',
      Port: 443,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
    });
    return arn;
  };

  it('is switched, is so the second time, and is put back, to false where nothing was set', async () => {
    await create('edge', 'blue');
    const options = bothKindsAt({ endpoint }, await temporaryDirectory());
    const enable = ['enable', 'edge', '--target-group', 'blue', '--yes', '-o', 'json'];
    const first = (await elbProxyHere(enable, options)).json();
    expect(first).toMatchObject({
      outcome: 'applied',
      changes: [{ steps: [{ before: null, after: 'true' }] }],
    });
    expect(await hands.valueOf('blue')).toBe('true');
    expect((await elbProxyHere(enable, options)).json()).toMatchObject({ outcome: 'unchanged' });
    expect((await elbProxyHere(['undo', '--yes', '-o', 'json'], options)).json()).toMatchObject({
      outcome: 'applied',
    });
    expect(await hands.valueOf('blue')).toBe('false');
    const listener = ['enable', 'edge', '--listener', '443', '--yes', '-o', 'json'];
    expect((await elbProxyHere(listener, options)).json()).toMatchObject({ outcome: 'applied' });
    const disable = ['disable', 'edge', '--all-target-groups', '--yes', '-o', 'json'];
    expect((await elbProxyHere(disable, options)).json()).toMatchObject({ outcome: 'applied' });
    expect(await hands.valueOf('blue')).toBe('false');
  });

  it('is shown with its group and its listener; a key that moto does not list is the default, and off', async () => {
    await create('shown', 'green');
    const options = bothKindsAt({ endpoint }, await temporaryDirectory());
    const status = async (...args: readonly string[]) =>
      (await elbProxyHere(['status', ...args, '-o', 'json'], options)).json();
    const group = { name: 'green', protocol: 'TCP', port: 8443, proxyProtocol: 'disabled', isDefault: true };
    const { loadBalancers, errors } = await status('shown');
    expect(errors).toEqual([]);
    expect(loadBalancers).toMatchObject([
      {
        kind: 'network',
        name: 'shown',
        listeners: [{ protocol: 'TCP', port: 443, targetGroups: [{ name: 'green' }] }],
        targetGroups: [group],
      },
    ]);
    const all = await status('--kind', 'network');
    expect(all.loadBalancers.find(({ name }: { name: string }) => name === 'shown')).toMatchObject({
      targetGroups: [group],
    });
    await hands.set('green', 'perhaps');
    const odd = await elbProxyHere(['status', 'shown', '--expect', 'disabled', '-o', 'json'], options);
    expect(odd.code).toBe(4);
    expect(odd.json().loadBalancers[0].notKnown).toMatchObject({
      targetGroups: ['green'],
      values: [{ targetGroup: 'green', value: 'perhaps' }],
    });
  });

  it('whose group says neither true nor false, or is on a second load balancer, is left alone', async () => {
    const arn = await create('odd', 'odd-group');
    await hands.set('odd-group', 'yes');
    const enable = ['enable', 'odd', '--target-group', 'odd-group', '--yes', '-o', 'json'];
    const odd = await elbProxyHere(enable, bothKindsAt({ endpoint }));
    expect(odd.json()).toMatchObject({ error: { code: 'unknown-attribute-value' } });
    expect(await hands.valueOf('odd-group')).toBe('yes');
    await hands.set('odd-group', 'false');
    await create('second', 'second-group');
    const { LoadBalancers } = await hands.client.describeLoadBalancers({ Names: ['second'] });
    await hands.client.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'TCP',
      Port: 444,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
    });
    const shared = await elbProxyHere(enable, bothKindsAt({ endpoint }));
    expect(shared.json()).toMatchObject({ error: { code: 'several-load-balancers' } });
    expect(await hands.valueOf('odd-group')).toBe('false');
  });
});
