import { describe, expect, it } from 'vitest';
import { baselineFailed } from '../../src/app/guard/words.js';
import { elbProxy } from '../helpers/elb-proxy.js';
import { startGuarded } from '../helpers/guarded.js';

const order = /let it accept connections with and without it, enable under guard, then make it strict/;

describe('a backend that requires the line already', () => {
  it("can't pass before an enable: nothing is written, and the order that works is said", async () => {
    await using stage = await startGuarded('requires');
    for (const probe of ['http:/', 'ws:/']) {
      const argv = ['enable', 'web', '--port', `${stage.port}`, '--guard', probe, '--yes', '-o', 'json'];
      const ran = await elbProxy(argv, stage.service);
      expect(ran.code).toBe(3);
      const { error } = ran.json();
      expect(error).toMatchObject({ code: 'guard-baseline-failed' });
      expect(error.message).toContain('Nothing was written.');
      expect(error.hint).toMatch(order);
      expect(error.hint).toContain('elb-proxy help downtime');
      expect(stage.isOn()).toBe(false);
    }
  });

  it('is not mentioned before a disable, which is what breaks it', async () => {
    // The backend does not take the line that it gets: its guard fails for the opposite reason.
    await using stage = await startGuarded('plain', { startsOn: true });
    const argv = ['disable', 'web', '--port', `${stage.port}`, '--guard', 'http:/', '--yes', '-o', 'json'];
    const ran = await elbProxy(argv, stage.service);
    expect(ran.code).toBe(3);
    expect(ran.json().error.hint).not.toMatch(order);
  });

  const seenOf = (seen: string, switchesOn = true) =>
    baselineFailed(
      {
        phase: 'baseline',
        probe: 'https:/',
        loadBalancer: 'web',
        instancePort: 8443,
        at: '2026-11-29T10:00:00.000Z',
        target: '10.0.0.5:443',
        passed: false,
        seen,
        ms: 1,
      },
      undefined,
      switchesOn,
    ).hint;

  it.each(['connection closed without an answer', 'no answer in time', 'HTTP 400', 'HTTP 400, no WebSocket'])(
    'may answer "%s"',
    (seen) => {
      expect(seenOf(seen)).toMatch(order);
      expect(seenOf(seen, false)).not.toMatch(order);
    },
  );

  it.each(['HTTP 503', 'HTTP 404', 'connection refused', 'the name is unknown', 'what answered is not TLS'])(
    'does not answer "%s"',
    (seen) => {
      expect(seenOf(seen)).not.toMatch(order);
    },
  );
});
