import { describe, expect, it } from 'vitest';
import { inOrderOf, sameList, withoutProxyPolicies, withProxyPolicy } from '../../src/core/merge.js';
import { auth, proxy } from './builders.js';

const known = {
  policies: [
    proxy('on'),
    proxy('on-2', 'True'),
    proxy('off', 'false'),
    proxy('bare', null),
    auth('a'),
    auth('b'),
  ],
};

describe('with the PROXY policy', () => {
  it.each([
    [[], ['new']],
    [
      ['b', 'a'],
      ['b', 'a', 'new'],
    ],
    [
      ['a', 'on', 'b'],
      ['a', 'on', 'b'],
    ],
    [
      ['on', 'on-2'],
      ['on', 'on-2'],
    ],
    [['off'], ['new']],
    [
      ['a', 'off', 'b'],
      ['a', 'b', 'new'],
    ],
    [['off', 'on'], ['on']],
    [['bare'], ['bare', 'new']],
    [
      ['unheard-of', 'a'],
      ['unheard-of', 'a', 'new'],
    ],
  ])('%j becomes %j', (present, expected) => {
    expect(withProxyPolicy(present, known, 'new')).toEqual(expected);
  });
});

describe('without PROXY policies', () => {
  it.each([
    [[], []],
    [
      ['b', 'a'],
      ['b', 'a'],
    ],
    [
      ['b', 'on', 'a', 'on-2'],
      ['b', 'a'],
    ],
    [['off', 'on'], ['off']],
    [
      ['bare', 'unheard-of'],
      ['bare', 'unheard-of'],
    ],
  ])('%j becomes %j', (present, expected) => {
    expect(withoutProxyPolicies(present, known)).toEqual(expected);
  });

  it('nothing is taken off where the policies were not read', () => {
    expect(withoutProxyPolicies(['on', 'a'], { policies: undefined })).toEqual(['on', 'a']);
  });
});

describe('a list in the order of another', () => {
  it.each([
    [
      ['b', 'a'],
      ['a', 'b'],
      ['b', 'a'],
    ],
    [
      ['b', 'a', 'p'],
      ['off', 'a', 'b'],
      ['off', 'b', 'a'],
    ],
    [
      ['b', 'a'],
      ['a', 'off', 'b'],
      ['b', 'off', 'a'],
    ],
    [[], ['a', 'b'], ['a', 'b']],
  ])('%j orders %j as %j', (order, list, ordered) => {
    expect(inOrderOf(order, list)).toEqual(ordered);
  });
});

describe('two lists are the same', () => {
  it.each([
    [[], [], true],
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['b', 'a'], false],
    [['a'], ['a', 'b'], false],
    [['a', 'b'], ['a'], false],
    [['a'], ['A'], false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameList(a, b)).toBe(same);
  });
});
