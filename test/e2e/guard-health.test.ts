import {
  DeregisterInstancesFromLoadBalancerCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { describe, expect, it } from 'vitest';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type Guarded, pause, startGuarded } from '../helpers/guarded.js';
import { startRelay } from '../helpers/relay.js';

const one = 'i-0123456789abcdef0';
const other = 'i-0123456789abcdef1';

const enable = (web: Guarded, ...more: readonly string[]) => [
  'enable',
  'web',
  '--port',
  String(web.port),
  '--guard',
  'health',
  '--yes',
  '-o',
  'json',
  '--force',
  'http-health-check',
  ...more,
];

/** Hands that register instances and take them out, as someone else would meanwhile. */
function hands({ service }: Guarded) {
  const client = new ElasticLoadBalancingClient({
    region: 'us-east-1',
    endpoint: service.endpoint,
    credentials: { accessKeyId: 'other', secretAccessKey: 'operator' },
  });
  const input = (id: string) => ({ LoadBalancerName: 'web', Instances: [{ InstanceId: id }] });
  return {
    register: (id: string) => client.send(new RegisterInstancesWithLoadBalancerCommand(input(id))),
    deregister: (id: string) => client.send(new DeregisterInstancesFromLoadBalancerCommand(input(id))),
    [Symbol.dispose]: () => client.destroy(),
  };
}

describe.concurrent('enable --guard health', () => {
  it('takes the change back when an HTTP health check starts to fail a while after it, within the time that it needs to notice', async () => {
    await using web = await startGuarded('accepts', { check: 'HTTP' });
    await web.inService(1);
    const running = elbProxyHere(enable(web), web.service);
    // A third of the way to where two failed checks are noticed, as 20 s are to the defaults' 60 s.
    await web.once('on');
    await pause(1300);
    web.health = 503;
    const ran = await running;
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    expect(report.error.message).toMatch(
      `the guard health of web failed after the change: ${one} is OutOfService: Instance has failed`,
    );
    const seen = (phase: string) =>
      report.guard.checks
        .filter((check: { phase: string }) => check.phase === phase)
        .map((check: { passed: boolean; seen: string }) => [check.passed, check.seen]);
    expect(seen('baseline')).toEqual([[true, '1 of 1 instance InService']]);
    expect(seen('after')[0]).toEqual([true, '1 of 1 instance InService']);
    expect(seen('after').at(-1)[0]).toBe(false);
    expect(seen('restored')).toHaveLength(1);
    expect(web.isOn()).toBe(false);
  });

  it('holds for as long as the health check needs, which the load balancer itself says, and looks no more than every 3 s', async () => {
    await using web = await startGuarded('accepts', { check: 'HTTP' });
    await web.inService(1);
    await using relay = await startRelay(web.service.endpoint);
    const began = performance.now();
    const ran = await elbProxyHere(enable(web), relay);
    expect(ran.code).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(6000);
    const looks = relay.calls.filter(({ action }) => action === 'DescribeInstanceHealth').length;
    // The plan's own, the baseline, and one every 3 s with one more at the hold's end.
    expect(looks).toBeGreaterThanOrEqual(4);
    expect(looks).toBeLessThanOrEqual(6);
  });

  it('says of a hold that is too short for the health check how long it would have to be', async () => {
    await using web = await startGuarded('accepts', { check: 'HTTP' });
    await web.inService(1);
    const ran = await elbProxyHere(enable(web, '--guard-hold', '1s'), web.service);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      'guard health: it may take 6 s to notice a fault, but is only watched for 1 s: --guard-hold 6s',
    );
  });

  it('says which instances leave and join meanwhile, and fails for none of them', async () => {
    await using web = await startGuarded('accepts', { check: 'HTTP', instances: [one, other] });
    await web.inService(2);
    using someone = hands(web);
    const running = elbProxyHere(enable(web), web.service);
    await web.once('on');
    await someone.deregister(other);
    await someone.register('i-0123456789abcdef2');
    const ran = await running;
    expect(ran.code).toBe(0);
    expect(ran.json().guard.notes.map(({ message }: { message: string }) => message)).toEqual([
      `${other} is no longer registered with web, and no longer watched`,
      'i-0123456789abcdef2 was registered with web; it was not there before, so it is not watched',
    ]);
    expect(ran.stderr).toContain(`${other} is no longer registered`);
  });

  it('takes the change back when no instance is left that was in service before: nothing would be watched', async () => {
    await using web = await startGuarded('accepts', { check: 'HTTP' });
    await web.inService(1);
    using someone = hands(web);
    const running = elbProxyHere(enable(web), web.service);
    await web.once('on');
    await someone.deregister(one);
    const ran = await running;
    expect(ran.code).toBe(4);
    expect(ran.json().error.message).toContain(
      'no instance that was in service before is registered any more',
    );
    expect(web.isOn()).toBe(false);
  });

  it('does not count an instance that was out before', async () => {
    // Nothing listens at the other's address.
    await using web = await startGuarded('accepts', {
      check: 'HTTP',
      instances: [one, other],
      addresses: { [other]: '127.99.0.1' },
    });
    await web.inService(1);
    const ran = await elbProxyHere(enable(web), web.service);
    expect(ran.code).toBe(0);
    expect(ran.json().guard.checks[0]).toMatchObject({ seen: '1 of 1 instance InService' });
  });

  it.each([
    { why: 'is throttled', error: 'Throttling', said: 'Throttling' },
    { why: 'is refused', error: 'AccessDenied', said: 'AccessDenied' },
  ])('takes the change back when its call $why, and says so', async ({ error, said }) => {
    await using web = await startGuarded('accepts', { check: 'HTTP' });
    await web.inService(1);
    await using relay = await startRelay(web.service.endpoint, async ({ action }) =>
      action === 'DescribeInstanceHealth' && web.isOn() ? { error } : 'pass',
    );
    const ran = await elbProxyHere(enable(web), { endpoint: relay.endpoint, env: { AWS_MAX_ATTEMPTS: '2' } });
    expect(ran.code).toBe(4);
    expect(ran.json().error.message).toContain(said);
    expect(web.isOn()).toBe(false);
  });

  it.each([
    {
      what: 'no instance',
      options: { instances: [] },
      tamper: undefined,
      said: 'no instance is registered with it',
    },
    {
      what: 'no instance in service',
      options: { addresses: { [one]: '127.99.0.1' } },
      tamper: undefined,
      said: 'its only instance is not in service',
    },
    {
      what: 'no health check',
      options: {},
      tamper: (body: string) => body.replace(/<HealthCheck>.*?<\/HealthCheck>/s, ''),
      said: 'it has no health check that could notice anything',
    },
  ])("can't watch with $what: one clear error, and nothing is written", async ({ options, tamper, said }) => {
    await using web = await startGuarded('accepts', { check: 'HTTP', ...options });
    await using relay = await startRelay(web.service.endpoint, async ({ action, parameters }) => {
      if (tamper === undefined || action !== 'DescribeLoadBalancers') return 'pass';
      const answer = await fetch(web.service.endpoint, { method: 'POST', body: parameters });
      return { status: 200, body: tamper(await answer.text()) };
    });
    const ran = await elbProxyHere(enable(web), relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'guard-baseline-failed' } });
    expect(ran.json().error.message).toContain(said);
    expect(relay.writes()).toEqual([]);
  });
});
