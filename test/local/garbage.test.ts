import { Agent, request } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { startLocal } from '../../src/local/index.js';
import { byBudget, seededRandom } from '../helpers/budget.js';

const next = seededRandom();
const random = (below: number): number => Math.floor(next() * below);
const requests = byBudget(2000, 10_000);
const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;

const bytes = (most: number): Buffer => Buffer.from(Array.from({ length: random(most) }, () => random(256)));
const words = [
  'Action',
  'Version',
  '2012-06-01',
  'DescribeLoadBalancers',
  'LoadBalancerName',
  'LoadBalancerNames.member.1',
  'SetLoadBalancerPoliciesForBackendServer',
  'PolicyNames.member.99999999',
  'InstancePort',
  '-1',
  '1e99',
  '%',
  '%00',
  '=',
  '&',
  '&&',
  '\u0000',
  '<x>',
  'Ω',
  'web',
];

const agent = new Agent({ keepAlive: true, maxSockets: 50 });
afterAll(() => agent.destroy());

const send = (port: number): Promise<number> =>
  new Promise((resolve) => {
    const body =
      random(2) === 0
        ? bytes(300)
        : Buffer.from(Array.from({ length: random(12) }, () => pick(words)).join(pick(['=', '&', ''])));
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: pick(['POST', 'GET', 'PUT', 'DELETE', 'OPTIONS']),
        path: `/${random(3) === 0 ? encodeURIComponent(bytes(20).toString('latin1')) : ''}`,
      },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    outgoing.on('error', () => resolve(0));
    outgoing.end(body);
  });

it(`the API goes on serving after ${requests} random requests`, async () => {
  await using local = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  const before = JSON.stringify(local.loadBalancers());
  let [answered, failed] = [0, 0];
  for (let sent = 0; sent < requests; sent += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(local.port)));
    answered += answers.filter((status) => status > 0).length;
    failed += answers.filter((status) => status >= 500).length;
  }
  expect({ answered, failed }).toEqual({ answered: requests, failed: 0 });
  expect(JSON.stringify(local.loadBalancers())).toBe(before);
  const answer = await fetch(`${local.endpoint}/?Action=DescribeLoadBalancers&Version=2012-06-01`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('<LoadBalancerName>web</LoadBalancerName>');
});
