import { describe, expect, it } from 'vitest';
import { type Evidence, effectOfWrite, judge, learn, unsent } from '../../src/core/knowledge.js';

const after = (...evidence: readonly Evidence[]) => evidence.reduce(learn, unsent);

describe('what is known of a write', () => {
  it.each([
    ['nothing was sent', [], 'not-in-effect'],
    ['it is on its way', ['sent'], 'not-known'],
    ['it was withheld', ['sent', 'withheld'], 'not-in-effect'],
    ['the service refused it', ['sent', 'refused'], 'not-in-effect'],
    ['the service took it', ['sent', 'taken'], 'not-known'],
    ['it was taken, and a read shows something else', ['sent', 'taken', 'not-shown'], 'not-known'],
    ['it was taken, and a read shows it', ['sent', 'taken', 'shown'], 'in-effect'],
    ['its answer was lost', ['sent', 'lost'], 'not-known'],
    ['its answer was lost, and a read shows it', ['sent', 'lost', 'shown'], 'in-effect'],
    ['its answer was lost, and the next try was refused', ['sent', 'lost', 'sent', 'refused'], 'not-known'],
    ['its goal shows although it was never sent', ['shown'], 'not-in-effect'],
    ['its goal showed before it was sent again', ['sent', 'lost', 'shown', 'sent', 'refused'], 'not-known'],
  ] as const)('when %s: %s is %s', (_when, evidence, known) => {
    expect(judge(after(...evidence))).toBe(known);
  });
});

describe('what the journal records', () => {
  it.each([
    [['sent', 'refused'], 'none', 'none'],
    [['sent', 'lost'], 'unknown', 'unknown'],
    [['sent', 'taken'], 'done', 'done'],
    // On the way back a read may show what was there before all of it.
    [['sent', 'lost', 'shown'], 'done', 'unknown'],
  ] as const)('of %s: forward %s, back %s', (evidence, forward, back) => {
    const write = after(...evidence);
    expect([effectOfWrite(write, 'forward'), effectOfWrite(write, 'back')]).toEqual([forward, back]);
  });
});
