import { spawn, spawnSync } from 'node:child_process';
import {
  CreateLoadBalancerCommand,
  CreateLoadBalancerPolicyCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { freePort } from '../helpers/free-ports.js';

// Somebody else's emulator of the API. Debian has no package of it, so it is the one peer that CI may do without.
const there = spawnSync('python3', ['-c', 'import moto.server, flask']).status === 0;
if (!there) console.log('skipped: moto is not installed; to get it: pip install "moto[server]"');

describe.skipIf(!there)('against moto', () => {
  let endpoint = '';
  let stop: () => void = () => undefined;
  let client: ElasticLoadBalancingClient;

  beforeAll(async () => {
    const port = await freePort();
    const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    stop = () => void child.kill();
    endpoint = `http://127.0.0.1:${port}`;
    client = new ElasticLoadBalancingClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
    });
    for (let tries = 0; ; tries++) {
      try {
        await client.send(new DescribeLoadBalancersCommand({}));
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
    client.destroy();
    stop();
  });

  const create = async (name: string): Promise<void> => {
    await client.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        AvailabilityZones: ['us-east-1a'],
        Listeners: [{ Protocol: 'TCP', LoadBalancerPort: 443, InstanceProtocol: 'TCP', InstancePort: 8443 }],
      }),
    );
    for (const policy of ['z-auth', 'b-auth']) {
      await client.send(
        new CreateLoadBalancerPolicyCommand({
          LoadBalancerName: name,
          PolicyName: policy,
          PolicyTypeName: 'BackendServerAuthenticationPolicyType',
          PolicyAttributes: [{ AttributeName: 'PublicKeyPolicyName', AttributeValue: 'key' }],
        }),
      );
    }
    await client.send(
      new SetLoadBalancerPoliciesForBackendServerCommand({
        LoadBalancerName: name,
        InstancePort: 8443,
        PolicyNames: ['z-auth', 'b-auth'],
      }),
    );
  };
  const listOf = async (name: string): Promise<readonly string[]> => {
    const found = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }));
    return found.LoadBalancerDescriptions?.[0]?.BackendServerDescriptions?.[0]?.PolicyNames ?? [];
  };

  it('enable keeps what is there, the second time does nothing, disable and undo give it back', async () => {
    await create('merge');
    const options = { endpoint, stateDirectory: await temporaryDirectory() };
    const enable = ['enable', 'merge', '--port', '8443', '--yes', '-o', 'json'];
    expect((await elbProxyHere(enable, options)).json()).toMatchObject({ outcome: 'applied' });
    expect(await listOf('merge')).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect((await elbProxyHere(enable, options)).json()).toMatchObject({ outcome: 'unchanged' });
    expect((await elbProxyHere(['undo', '--yes', '-o', 'json'], options)).json()).toMatchObject({
      outcome: 'applied',
    });
    expect(await listOf('merge')).toEqual(['z-auth', 'b-auth']);
    await elbProxyHere(enable, options);
    expect(
      (await elbProxyHere(['disable', 'merge', '--port', '8443', '--yes', '-o', 'json'], options)).json(),
    ).toMatchObject({ outcome: 'applied' });
    expect(await listOf('merge')).toEqual(['z-auth', 'b-auth']);
  });

  it('a PROXY policy under another name, with True, is reused', async () => {
    await create('reuse');
    await client.send(
      new CreateLoadBalancerPolicyCommand({
        LoadBalancerName: 'reuse',
        PolicyName: 'TFEnableProxyProtocol',
        PolicyTypeName: 'ProxyProtocolPolicyType',
        PolicyAttributes: [{ AttributeName: 'ProxyProtocol', AttributeValue: 'True' }],
      }),
    );
    const ran = await elbProxyHere(['enable', 'reuse', '--port', '8443', '--yes', '-o', 'json'], {
      endpoint,
    });
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(await listOf('reuse')).toEqual(['z-auth', 'b-auth', 'TFEnableProxyProtocol']);
  });
});
