import { expect, test } from 'vitest';
import { shellWords } from '../../../src/aws/identity/shell-words.js';

test.each([
  ['a b', ['a', 'b']],
  ['  a\t b\r\nc ', ['a', 'b', 'c']],
  ['', []],
  ["profile 'my name'", ['profile', 'my name']],
  ['profile "my name"', ['profile', 'my name']],
  ['a"b c"d', ['ab cd']],
  [`''`, ['']],
  ['a ""', ['a', '']],
  [`"it's"`, ["it's"]],
  [`'say "x"'`, ['say "x"']],
  ['a\\ b', ['a b']],
  ['"a\\"b"', ['a"b']],
  ['"a\\\\b"', ['a\\b']],
  ['"a\\nb"', ['a\\nb']],
  [`'a\\b'`, ['a\\b']],
  ['a # b', ['a', '#', 'b']],
  ['$HOME ~ | ; > *', ['$HOME', '~', '|', ';', '>', '*']],
  ['ünï 🙂', ['ünï', '🙂']],
])('the words of %j are %j', (line, words) => {
  expect(shellWords(line)).toEqual(words);
});

test.each(["a 'b", 'a "b', '"a\\"', 'a\\', `"a'`])('%j has no words, as it does not end', (line) => {
  expect(shellWords(line)).toBeUndefined();
});
