import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import type { GuardOptions } from '../../src/app/guard.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { auth, listener, lists, web } from '../core/builders.js';
import { type FakeLoadBalancing, fakeLoadBalancing } from './fake-load-balancing.js';
import { fakeGuard } from './guards.js';
import { dependenciesOf, planned } from './run.js';

const policy = 'ProxyProtocol-enabled';
const start = (found: Partial<LoadBalancer> = {}): LoadBalancer =>
  web({
    listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
    policies: [auth('a')],
    backendServers: lists({ 8443: ['a'] }),
    ...found,
  });

/** Runs a guarded enable; `passes` is asked at each look, with the port and how many looks there have been. */
async function guarded(
  passes: (look: { port: number; nth: number; fake: FakeLoadBalancing; interrupt: () => void }) => boolean,
  options: Partial<GuardOptions> & {
    ports?: readonly number[];
    found?: Partial<LoadBalancer>;
  } = {},
) {
  const fake = fakeLoadBalancing(start(options.found));
  const plan = await planned(fake, { ports: options.ports ?? [8443] });
  const looks: string[] = [];
  const controller = new AbortController();
  const dependencies = dependenciesOf(fake, { signal: controller.signal });
  const guard: GuardOptions = {
    windowMs: 30_000,
    holdMs: 10_000,
    all: false,
    ...options,
    probes: [
      fakeGuard(
        'http:/health',
        ({ host, port }) => {
          looks.push(`${host}:${port}`);
          const passed = passes({ port, nth: looks.length, fake, interrupt: () => controller.abort() });
          fake.log.push(`journal look ${port} ${passed}`);
          return passed;
        },
        { clock: dependencies.clock, tls: false },
      ),
      ...(options.probes ?? []),
    ],
  };
  const report = await applyPlan(plan, { guard }, dependencies);
  return { fake, report, looks, waited: dependencies.clock };
}
const on = (fake: FakeLoadBalancing, port = 8443) => fake.list(port).includes(policy);
const phases = (checks: readonly { phase: string }[] = []) => [...new Set(checks.map(({ phase }) => phase))];

describe('of several listeners in front of a port', () => {
  const found = {
    listeners: [
      listener({ protocol: 'HTTP', loadBalancerPort: 80 }),
      listener({ protocol: 'SSL', loadBalancerPort: 443, instanceProtocol: 'TCP' }),
      listener({ loadBalancerPort: 8080 }),
    ],
  };

  // HTTP listeners send no PROXY line: a look through one passes whatever the change breaks.
  it.each([
    [
      'a request goes through all that carry the line, in TLS where the listener speaks it',
      false,
      true,
      ['443 tls', '8080'],
    ],
    ['so does one that was asked for in TLS', true, true, ['443 tls', '8080']],
    ['a handshake goes where it is spoken', true, false, ['443 tls']],
    ['a bare connection goes through all that carry the line', undefined, false, ['443', '8080']],
  ])('%s', async (_, tls, eitherWay, doors) => {
    const fake = fakeLoadBalancing(start(found));
    const plan = await planned(fake, { ports: [8443], forced: ['mixed-listeners'] });
    const looks = new Set<string>();
    const look = ({ port, secure }: { readonly port: number; readonly secure: boolean }) => {
      looks.add(`${port}${secure ? ' tls' : ''}`);
      return true;
    };
    const guard = {
      windowMs: 1000,
      holdMs: 1000,
      all: false,
      probes: [fakeGuard('probe', look, { tls, eitherWay })],
    };
    expect((await applyPlan(plan, { guard }, dependenciesOf(fake))).outcome).toBe('applied');
    expect([...looks].toSorted()).toEqual(doors);
  });
});

describe('a guard that passes before and after', () => {
  it('keeps the change, having looked through the listener in front of the port until the hold was over', async () => {
    const { report, looks } = await guarded(() => true);
    expect(report.outcome).toBe('applied');
    expect(new Set(looks)).toEqual(new Set(['web-1.us-east-1.elb.amazonaws.com:443']));
    expect(looks.length).toBeGreaterThan(10);
    expect(report.guard).toMatchObject({ probe: 'http:/health' });
    expect(phases(report.guard?.checks)).toEqual(['baseline', 'after']);
  });

  it('may fail for a while after the change, within its window', async () => {
    const { report } = await guarded(({ nth }) => nth === 1 || nth > 20);
    expect(report.outcome).toBe('applied');
  });

  it('looks at each port once it is changed, before the next one is', async () => {
    const { fake } = await guarded(() => true, { ports: [8443, 9443] });
    const order = fake.log.filter((line) => /^(?:set|journal look)/.test(line));
    const collapsed = order.filter((line, index) => line !== order[index - 1]);
    expect(collapsed).toEqual([
      'journal look 443 true',
      'journal look 444 true',
      'set 8443',
      'journal look 443 true',
      'set 9443',
      'journal look 444 true',
    ]);
  });

  it('watches all ports at once if they are all changed first: none is broken unseen for the hold of another', async () => {
    const { report, looks } = await guarded(({ port, nth }) => port === 443 || nth < 6, {
      ports: [8443, 9443],
      all: true,
      holdMs: 600_000,
    });
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    expect(report.error?.message).toContain(':444');
    expect(looks.length).toBeLessThan(30);
  });

  it('looks only once all ports are changed if asked to', async () => {
    const { fake } = await guarded(() => true, { ports: [8443, 9443], all: true });
    const order = fake.log.filter((line) => /^(?:set|journal look)/.test(line));
    expect(order.indexOf('set 9443')).toBe(order.indexOf('set 8443') + 1);
  });
});

describe('a guard that fails', () => {
  it('before the change stops it: nothing is written, and that is a refusal', async () => {
    const { report, fake } = await guarded(() => false);
    expect(report).toMatchObject({
      outcome: 'refused',
      error: { code: 'guard-baseline-failed', message: expect.stringContaining('HTTP 400') },
    });
    expect(fake.writes()).toEqual([]);
  });

  it('a guard that fails on the second port before the change stops the first port’s change too', async () => {
    const { report, fake } = await guarded(({ port }) => port === 443, { ports: [8443, 9443] });
    expect(report.error?.code).toBe('guard-baseline-failed');
    expect(fake.writes()).toEqual([]);
  });

  it('after the change for its whole window rolls it back, and looks once more', async () => {
    const { report, fake } = await guarded(({ fake: now }) => !on(now));
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' }, leftovers: [] });
    expect(fake.state()).toEqual(start());
    expect(phases(report.guard?.checks)).toEqual(['baseline', 'after', 'restored']);
    expect(report.guard?.checks.at(-1)).toMatchObject({ phase: 'restored', passed: true });
  });

  it('once it had passed rolls back at once: a flapping port is not healthy', async () => {
    const { report, looks } = await guarded(({ nth, fake }) => nth < 4 || !on(fake));
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'guard-failed', message: expect.stringContaining('failed after the change') },
    });
    expect(looks).toHaveLength(5);
  });

  it('a guard that fails on the second port puts both back', async () => {
    const { report, fake } = await guarded(({ port, fake: now }) => port === 443 || !on(now, 9443), {
      ports: [8443, 9443],
    });
    expect(report.outcome).toBe('rolled-back');
    expect(fake.state()).toEqual(start());
  });

  it('a guard that fails and is then interrupted rolls the change back: there is no reason to leave traffic broken', async () => {
    const { report, fake } = await guarded(({ fake: now, nth, interrupt }) => {
      if (nth === 3) interrupt();
      return !on(now);
    });
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'interrupted', message: expect.stringContaining('was failing') },
      leftovers: [],
    });
    expect(fake.state()).toEqual(start());
  });

  it('a guard that fails for a port without a listener can’t look at all, and says so before anything is written', async () => {
    const { report, fake } = await guarded(() => true, {
      ports: [9000],
      found: { backendServers: lists({ 9000: ['a'] }) },
    });
    expect(report).toMatchObject({
      outcome: 'refused',
      error: { code: 'guard-baseline-failed', message: expect.stringContaining('no listener') },
    });
    expect(fake.writes()).toEqual([]);
  });
});
