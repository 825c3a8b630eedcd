import { describe, expect, test } from 'vitest';
import { parseIni } from '../../../src/aws/identity/ini.js';

/** The values of a file by section, as plain objects. */
function valuesOf(text: string): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    [...parseIni(text, '/home/me/.aws/config')].map(([name, keys]) => [
      name,
      Object.fromEntries(
        [...keys].map(([key, { value }]) => [
          key,
          typeof value === 'string' ? value : Object.fromEntries(value),
        ]),
      ),
    ]),
  );
}

describe('a shared file', () => {
  test.each([
    ['has keys in any letter case', '[a]\nReGion = x', { a: { region: 'x' } }],
    [
      'takes a colon for an equals sign, the first of them',
      '[a]\nb: c=d\ne=f:g',
      { a: { b: 'c=d', e: 'f:g' } },
    ],
    ['has blanks around keys and values', '[a]\nb\t =\t c  ', { a: { b: 'c' } }],
    ['ends its lines with LF, CR LF or CR', '[a]\r\nb = c\rd = e\n', { a: { b: 'c', d: 'e' } }],
    ['has comments on lines of their own', '# x\n[a]\n; y\nb = c # not one', { a: { b: 'c # not one' } }],
    ['keeps quotes around values', '[a]\nb = "c"', { a: { b: '"c"' } }],
    ['may leave a value empty', '[a]\nb =\nc = d', { a: { b: '', c: 'd' } }],
    [
      'goes on with a value in deeper lines',
      '[a]\nb = c\n  d\n\n  e\nf = g',
      { a: { b: 'c\nd\n\ne', f: 'g' } },
    ],
    ['nests lines below an empty value', '[a]\ns3 =\n  b = c\n  d=e', { a: { s3: { b: 'c', d: 'e' } } }],
    ['passes over what is behind a header', '[profile a] /* text */\nb = c', { 'profile a': { b: 'c' } }],
    ['takes a header up to its last bracket', '[a] ] x\nb = c', { 'a] ': { b: 'c' } }],
    ['keeps blanks in a header', '[ a ]\nb = c', { ' a ': { b: 'c' } }],
    ['has defaults for all sections', '[a]\nb = c\n[DEFAULT]\nb = x\nd = e', { a: { b: 'c', d: 'e' } }],
    [
      'may name a section as a property of every object',
      '[__proto__]\nb = c',
      JSON.parse('{"__proto__":{"b":"c"}}'),
    ],
    ['may begin its keys deeper than its header', '[a]\n  b = c\n  d = e', { a: { b: 'c', d: 'e' } }],
    ['may be empty', '', {}],
  ])('%s', (_, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test('says of every value where it is written', () => {
    const keys = parseIni('[a]\n\nb = c\ns3 =\n  d = e\n', '/x').get('a');
    expect(keys?.get('b')).toMatchObject({ file: '/x', line: 3 });
    expect(keys?.get('s3')).toMatchObject({ line: 4 });
  });

  test.each([
    ['a header that is not closed', '[a]\nb = c\n[profile d\ne = f', 3],
    ['an empty header', '[a]\nb = c\n[]\ne = f', 3],
    [
      'an indented header below a value, whose keys would be the section’s above',
      '[a]\nb = c\n [d]\ne = f',
      3,
    ],
    ['a section twice', '[a]\nb = c\n[a]\nd = e', 3],
    ['a key twice, in another letter case', '[a]\nb = c\nB = d', 3],
    ['a key before the first section', '# x\nb = c\n[a]', 2],
    ['a line without a value', '[a]\nsecret', 2],
    ['a value without a key', '[a]\n= secret', 2],
    ['a nested line without a value', '[a]\ns3 =\n  b = c\n  secret', 4],
    ['a byte order mark', '\ufeff[a]\nb = c', 1],
  ])(
    'a shared file with %s is refused with its file and line, and nothing of what the line says',
    (_, text, line) => {
      expect(() => parseIni(text, '/home/me/.aws/config')).toThrow(
        expect.objectContaining({
          code: 'invalid-setting',
          fault: 'user',
          message: expect.stringMatching(new RegExp(`^/home/me/\\.aws/config, line ${line}, (?!.*secret)`)),
          hint: expect.any(String),
        }),
      );
    },
  );
});
