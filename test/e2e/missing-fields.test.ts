import { expect, test } from 'vitest';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

/** A relay that takes parts out of the service's answers to one action. */
async function leavingOut(service: Service, action: string, part: RegExp) {
  let left = 0;
  const relay = await startRelay(service.endpoint, async (call) => {
    if (call.action !== action) return 'pass';
    const body = call.parameters.toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(service.endpoint, { method: 'POST', headers, body });
    const whole = await answer.text();
    const rest = whole.replaceAll(part, '');
    if (rest !== whole) left++;
    return { status: answer.status, body: rest };
  });
  return { ...relay, left: () => left };
}

const lists = 'DescribeLoadBalancers';
const policies = 'DescribeLoadBalancerPolicies';
const cases = [
  [
    'every list',
    lists,
    /<BackendServerDescriptions>.*?<\/BackendServerDescriptions>/gs,
    'BackendServerDescriptions',
  ],
  [
    'the names of a list',
    lists,
    /(?<=<InstancePort>8443<\/InstancePort>\s*)<PolicyNames>(?:(?!<\/PolicyNames>).)*z-auth.*?<\/PolicyNames>/gs,
    'BackendServerDescriptions[8443].PolicyNames',
  ],
  [
    'the type of a policy',
    policies,
    /<PolicyTypeName>BackendServerAuthenticationPolicyType<\/PolicyTypeName>/g,
    'PolicyDescriptions[z-auth].PolicyTypeName',
  ],
] as const;

test.each(cases)('%s left out is not "off", in no form of status', async (_what, action, part, field) => {
  await using service = await startService();
  await using relay = await leavingOut(service, action, part);
  const json = await elbProxyHere(['status', 'web', '-o', 'json'], relay);
  expect(relay.left()).toBeGreaterThan(0);
  const [found] = json.json().loadBalancers;
  expect(found.notKnown.fields).toContain(field);
  expect(found.notKnown.instancePorts).toContain(8443);
  expect(found.instancePorts.map((port: { instancePort: number }) => port.instancePort)).not.toContain(8443);
  const text = await elbProxyHere(['status', 'web'], relay);
  expect(text.stdout).toMatch(/8443.*not known/);
  expect(text.stdout.replaceAll(/\s+/g, ' ')).toContain(`Not known: the service left ${field}`);
  const lines = await elbProxyHere(['status'], relay);
  expect(lines.stdout).toMatch(/^web\t.*\t8443\t.*\tnot known\t/m);
  expect((await elbProxyHere(['status', '--only', 'off'], relay)).stdout).not.toContain('8443');
  expect((await elbProxyHere(['status', '--only', 'attention'], relay)).stdout).toMatch(/8443.*not known/);
  const markdown = await elbProxyHere(['status', 'web', '-o', 'markdown'], relay);
  expect(markdown.stdout).toMatch(/8443.*\? not known/);
});

test.each(cases)('%s left out meets no --expect', async (_what, action, part) => {
  await using service = await startService();
  await using relay = await leavingOut(service, action, part);
  for (const more of [[], ['--port', '8443'], ['--only', 'off']]) {
    const ran = await elbProxyHere(['status', 'web', '--expect', 'disabled', ...more], relay);
    expect(ran.code).toBe(4);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /web instance port 8443 is not known: the service left/,
    );
  }
});

test.each(cases)('%s left out makes no HAProxy configuration', async (_what, action, part) => {
  await using service = await startService();
  await using relay = await leavingOut(service, action, part);
  const ran = await elbProxyHere(['haproxy-config', 'web'], relay);
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr.replaceAll(/\s+/g, ' ')).toMatch(
    /left .* out of its answer .* no configuration is generated/,
  );
});

test.each(cases)('%s left out lets nothing be written', async (_what, action, part) => {
  await using service = await startService();
  await using relay = await leavingOut(service, action, part);
  const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
  expect([ran.code, ran.json().error.code]).toEqual([1, 'incomplete-answer']);
  expect(relay.writes()).toEqual([]);
  expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
});

test('listeners left out: a port is not called one without a listener, and an expectation of every port fails', async () => {
  await using service = await startService();
  await using relay = await leavingOut(service, lists, /<ListenerDescriptions>.*?<\/ListenerDescriptions>/gs);
  const ran = await elbProxyHere(['status', 'web', '--expect', 'disabled', '-o', 'json'], relay);
  expect(ran.code).toBe(4);
  expect(ran.json().loadBalancers[0].hazards).not.toContainEqual(
    expect.objectContaining({ code: 'stale-port' }),
  );
  expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain('left ListenerDescriptions out of its answers');
  expect((await elbProxyHere(['status', 'web', '--expect', 'disabled', '--port', '8443'], relay)).code).toBe(
    0,
  );
});
