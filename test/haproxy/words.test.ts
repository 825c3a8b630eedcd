import { describe, expect, it } from 'vitest';
import { comments, commentText, quotedWord, sectionName } from '../../src/haproxy/words.js';

describe('a comment', () => {
  it('is one line, whatever its text holds', () => {
    expect(commentText('a\nb\r\u0085\u2028\u0000\u001b[2J\u202e')).toBe(
      String.raw`a\u{a}b\u{d}\u{85}\u{2028}\u{0}\u{1b}[2J\u{202e}`,
    );
  });

  it('keeps letters of all scripts', () => {
    expect(commentText('Größe 大 🚀')).toBe('Größe 大 🚀');
  });

  it('is bounded, and no character is cut in half', () => {
    expect(commentText('a'.repeat(120))).toBe('a'.repeat(120));
    expect(commentText('a'.repeat(121))).toBe(`${'a'.repeat(117)}...`);
    expect(commentText(`${'a'.repeat(116)}${'🚀'.repeat(9)}`)).toBe(`${'a'.repeat(116)}...`);
  });

  it('has no blanks at its end', () => {
    expect(comments(['', 'a '])).toEqual(['    #', '    # a']);
  });
});

describe('a word', () => {
  it.each([
    ['/etc/haproxy/web.pem', '/etc/haproxy/web.pem'],
    ['', "''"],
    ['a b', "'a b'"],
    ['#a', "'#a'"],
    ['$HOME', "'$HOME'"],
    ['a"b', `'a"b'`],
    ['a\\', String.raw`'a\'`],
    ["it's", String.raw`'it'\''s'`],
    ["'", String.raw`''\'''`],
    ['Größe', "'Größe'"],
  ])('%j is written %s', (text, word) => {
    expect(quotedWord(text)).toBe(word);
  });

  it.each(['a\nb', 'a\rb', '\u0000', '\t', '\u0085'])('cannot be %j', (text) => {
    expect(() => quotedWord(text)).toThrow(RangeError);
  });
});

describe('the name of a section', () => {
  it.each([
    ['web-1', 'web-1'],
    ['a b\n"c"', 'a_b__c_'],
    ['Größe', 'Gr__e'],
    ['', '_'],
    ['x'.repeat(70), 'x'.repeat(64)],
  ])('is, for %j, %s', (text, name) => {
    expect(sectionName(text)).toBe(name);
  });
});
