import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/core/did-you-mean.js';

const commands = ['status', 'policies', 'enable', 'disable', 'apply', 'history', 'undo', 'schema'];

describe('did you mean', () => {
  it.each([
    ['enbale', 'enable'],
    ['enabel', 'enable'],
    ['Disable', 'disable'],
    ['stat', 'status'],
    ['staus', 'status'],
    ['udno', 'undo'],
    ['histroy', 'history'],
  ])('%s: %s', (typed, meant) => {
    expect(nearest(typed, commands)).toBe(meant);
  });

  it.each(['delete', 'x', '', 'statistics', 'a'.repeat(100)])('%j: nothing is near', (typed) => {
    expect(nearest(typed, commands)).toBeUndefined();
  });

  it('does not choose between two that are equally near', () => {
    expect(nearest('web-c', ['web-a', 'web-b'])).toBeUndefined();
    expect(nearest('web-a', ['web-a', 'web-b', 'web-a'])).toBe('web-a');
  });

  it('is the beginning of a hint', () => {
    expect(didYouMean('prot', ['port', 'profile'], (word) => `--${word}`)).toBe('did you mean --port? ');
    expect(didYouMean('zzz', ['port'])).toBe('');
  });
});
