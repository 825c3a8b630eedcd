import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentFor } from '../../src/cli/local/local-environment.js';
import { bin, temporaryDirectory } from '../helpers/elb-proxy.js';
import { application, clients, close, requests } from '../local/elbv2/clients.js';
import { balanceNetwork, type NetworkTraffic, quickCheck } from '../local/elbv2/network-traffic.js';
import { adapted, recipe } from '../readme/recipe.js';
import { findPeer } from './peer.js';

const aws = findPeer('aws', 'apt-get install awscli, or pip install awscli');
const curl = findPeer('curl', 'apt-get install curl');

/** A load balancer with the group `edge-app` behind it, and `edge-app-v2`, on, that no listener forwards to yet. */
async function twoGroups(ports: readonly [plain: number, strict: number], check: string) {
  const [plain, strict] = ports;
  const edge = await balanceNetwork({
    groups: [{ name: 'edge-app', port: plain, healthCheck: { protocol: 'HTTP', ...quickCheck } }],
    more: [
      {
        name: 'edge-app-v2',
        port: strict,
        attributes: { 'proxy_protocol_v2.enabled': 'true' },
        healthCheck: { protocol: check, ...quickCheck },
      },
    ],
  });
  return edge;
}

/** The manual's lines, in bash, at a local load balancer. */
async function weightsRecipe(
  edge: NetworkTraffic,
): Promise<{ readonly code: number; readonly said: string }> {
  const folder = await temporaryDirectory();
  const programs = join(folder, 'bin');
  await mkdir(programs);
  const program = async (name: string, line: string) => {
    await writeFile(join(programs, name), `#!/bin/sh\nexec ${line} "$@"\n`);
    await chmod(join(programs, name), 0o755);
  };
  await program('elb-proxy', `'${process.execPath}' '${bin}'`);
  // Versions before 2.13 know no variable for an endpoint.
  await program('aws', `'${aws}' --endpoint-url '${edge.local.endpoint}'`);
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
  const script = adapted(recipe('bash'), {
    [`plain=${arn}:targetgroup/edge-app/0123456789abcdef`]: `plain=${edge.groupArn('edge-app')}`,
    [`strict=${arn}:targetgroup/edge-app-v2/123456789abcdef0`]: `strict=${edge.groupArn('edge-app-v2')}`,
    [`listener=${arn}:listener/net/edge/23456789abcdef01/3456789abcdef012`]: `listener=${edge.local.elbv2().listeners[0]?.arn}`,
    'url=http://edge.example.com:9080/': `url=http://${edge.host}:${edge.port}/`,
    'settle=1m': 'settle=0',
  });
  const env = {
    ...environmentFor({ PATH: `${programs}:${process.env['PATH']}` }, edge.local.endpoint, 'us-east-1'),
    HOME: folder,
    AWS_PAGER: '',
    ELB_PROXY_STATE_DIR: join(folder, 'state'),
  };
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` });
    });
  });
}

/** The weights of the listener's groups. */
const weightsOf = ({ local }: NetworkTraffic): readonly (number | undefined)[] =>
  local.elbv2().listeners[0]?.targetGroups.map(({ weight }) => weight) ?? [];

describe.skipIf(aws === undefined || curl === undefined)('a switch by weights, as the manual has it', () => {
  it('goes 100 to 0, 90 to 10, 0 to 100 with a guard at each step, and no request fails', {
    timeout: 240_000,
  }, async () => {
    const [plain, strict] = [await application('plain'), await application('required')];
    await using edge = await twoGroups([plain.port, strict.port], 'HTTP');
    const traffic = clients(edge);
    await traffic.more(requests / 8);
    const ran = await weightsRecipe(edge);
    expect(ran.said).not.toContain('taken back');
    expect([ran.code, weightsOf(edge)]).toEqual([0, [0, 100]]);
    expect(ran.said.match(/requires-proxy-v2, strong/g)?.length, ran.said).toBe(3);
    // Some of them with all of the traffic on the new group.
    await traffic.more(requests / 8);
    await traffic.inAll(requests);
    expect(await traffic.stop()).toBeGreaterThanOrEqual(requests);
    expect(traffic.failures).toEqual([]);
    await Promise.all([plain.server, strict.server].map(close));
  });

  it('is taken back before any traffic moves where a TCP check is blind to a backend without support', {
    timeout: 240_000,
  }, async () => {
    const [plain, other] = [await application('plain'), await application('plain')];
    await using edge = await twoGroups([plain.port, other.port], 'TCP');
    const traffic = clients(edge);
    const ran = await weightsRecipe(edge);
    expect(ran.said).toContain('expected requires-proxy-v2');
    expect(ran.said).toContain('the guard failed at 100 to 0');
    expect(ran.said).toContain('taken back: all traffic goes to the first group');
    expect([ran.code, weightsOf(edge)]).toEqual([4, [100, 0]]);
    await traffic.stop();
    expect(traffic.failures).toEqual([]);
    await Promise.all([plain.server, other.server].map(close));
  });
});
