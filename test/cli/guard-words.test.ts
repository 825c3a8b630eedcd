import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../src/app/events.js';
import { guardWords } from '../../src/cli/change/guard-words.js';

const loadBalancer = { name: 'web', region: 'us-east-1' };

function watching(...progress: Extract<AppEvent, { code: 'guard-watching' }>['progress']): AppEvent {
  return { code: 'guard-watching', where: [{ loadBalancer, instancePort: 8443 }], progress };
}

describe('the words of a run under guard', () => {
  let time = 0;
  const clock = { now: () => new Date(time) };

  it('say that it is working before anything is watched, and again when the next step begins', () => {
    const { take, words } = guardWords(clock);
    expect(words()).toBe('working, under guard');
    take(watching({ name: 'tcp', passing: true, heldMs: 0, holdMs: 1000 }));
    expect(take({ code: 'rolling-back', reason: 'x' })).toBe(false);
    expect(words()).toBe('working, under guard');
  });

  it('say what is watched, for how long it has passed, and how long is left by the one that takes longest', () => {
    const { take, words } = guardWords(clock);
    const taken = take(
      watching(
        { name: 'http:/', passing: true, heldMs: 12_000, holdMs: 10_000 },
        { name: 'health', passing: true, heldMs: 12_000, holdMs: 90_000 },
      ),
    );
    expect(taken).toBe(true);
    expect(words()).toBe('web:8443: guard http:/, health: passing for 12 s, 78 s left');
    // Between two looks time goes on.
    time += 2000;
    expect(words()).toBe('web:8443: guard http:/, health: passing for 14 s, 76 s left');
    time += 200_000;
    expect(words()).toBe('web:8443: guard http:/, health: passing for 90 s, 0 s left');
  });

  it('say which one fails, where and how', () => {
    const { take, words } = guardWords(clock);
    take(
      watching(
        { name: 'tcp', passing: true, heldMs: 1000, holdMs: 10_000 },
        { name: 'http:/', passing: false, failing: 'HTTP 400 at 192.0.2.1:443', heldMs: 0, holdMs: 10_000 },
      ),
    );
    expect(words()).toBe('web:8443: guard http:/ fails: HTTP 400 at 192.0.2.1:443');
  });

  it('carry no control characters to the terminal', () => {
    const { take, words } = guardWords(clock);
    take(watching({ name: 'alarm:\u001b[2J', passing: false, heldMs: 0, holdMs: 1000 }));
    expect(words()).not.toContain('\u001b');
  });
});
