import { expect, it } from 'vitest';
import { type Decoded, decode } from '../../src/proxy-protocol/index.js';
import { byBudget } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { after, choice, empty, mayEnd, oneOf, repeat, sequence, word } from './regular-language.js';

// The grammar of version 1, as section 2.1 of the specification says it, independent of the decoder.
const digit = oneOf('0123456789');
const notZero = oneOf('123456789');
const number = choice(
  digit,
  sequence(notZero, digit),
  sequence(word('1'), digit, digit),
  sequence(word('2'), oneOf('01234'), digit),
  sequence(word('25'), oneOf('012345')),
);
const port = choice(
  word('0'),
  ...[0, 1, 2, 3].map((more) => sequence(notZero, repeat(more, digit))),
  sequence(oneOf('12345'), repeat(4, digit)),
  sequence(word('6'), oneOf('01234'), repeat(3, digit)),
  sequence(word('65'), oneOf('01234'), digit, digit),
  sequence(word('655'), oneOf('012'), digit),
  sequence(word('6553'), oneOf('012345')),
);
const ipv4 = sequence(number, repeat(3, sequence(word('.'), number)));
const group = choice(...[1, 2, 3, 4].map((length) => repeat(length, oneOf('0123456789abcdefABCDEF'))));
const groups = (count: number) =>
  count === 0 ? empty : sequence(group, repeat(count - 1, sequence(word(':'), group)));
const ipv6 = choice(
  groups(8),
  // A double colon replaces at least one group.
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((before) =>
    Array.from({ length: 8 - before }, (_, behind) => sequence(groups(before), word('::'), groups(behind))),
  ),
);
const space = word(' ');
const line = choice(
  // The short form; what may follow the word is not part of the grammar.
  word('PROXY UNKNOWN\r\n'),
  ...(
    [
      ['TCP4', ipv4],
      ['TCP6', ipv6],
    ] as const
  ).map(([family, address]) =>
    sequence(word(`PROXY ${family} `), address, space, address, space, port, space, port, word('\r\n')),
  ),
);

/** What the grammar says: where the line ends, or where it first goes wrong. */
function judge(text: string): Partial<Decoded> {
  let rest = line;
  for (const [offset, character] of Array.from(text).entries()) {
    const next = after(rest, character);
    if (next === undefined) return offset < 5 ? { kind: 'absent', offset } : { kind: 'invalid', offset };
    if (mayEnd(next)) return { kind: 'valid', consumed: offset + 1 };
    rest = next;
  }
  return { kind: 'incomplete' };
}

/** The field that a byte is in, by the spaces before it. */
function fieldAt(text: string, offset: number): string {
  if (text[offset - 1] === '\r') return 'line-end';
  const fields = ['separator', 'family', 'source-address', 'destination-address', 'source-port'];
  return fields[text.slice(0, offset).split(' ').length - 1] ?? 'destination-port';
}

const from = (...texts: string[]) => fc.constantFrom(...texts);
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
const numbers = mostly(fc.nat(255).map(String), from('', '00', '01', '256', '1000', '-1'));
const dotted = mostly(fc.constant(4), fc.integer({ min: 1, max: 5 }))
  .chain((length) => fc.array(numbers, { minLength: length, maxLength: length }))
  .map((parts) => parts.join('.'));
const hex = mostly(
  fc.nat(0xffff).chain((value) => from(value.toString(16), value.toString(16).padStart(4, '0'))),
  from('0', '0000', 'ABCD', 'fF', '12345', '', 'g', 'ffff'),
);
const colons = fc
  .tuple(
    fc.array(hex, { maxLength: 9 }),
    fc.nat(9),
    mostly(from('::'), from(':', ':::', '')),
    mostly(from(''), from('%eth0', '::', '/64', '.0.2.1')),
    fc.boolean(),
  )
  .map(([parts, at, gap, tail, full]) =>
    full && parts.length > 7
      ? parts.slice(0, 8).join(':') + tail
      : parts.slice(0, at).join(':') + gap + parts.slice(at).join(':') + tail,
  );
const ports = mostly(
  fc.nat(65535).map(String),
  from('0', '65535', '65536', '99999', '00', '080', '', '+1', '6553'),
);
const separator = mostly(from(' '), from('  ', '\t', '', '\n', '\r', ' \0'));
const lines = mostly(from('TCP4', 'TCP6'), from('TCP', 'TCP5', 'tcp4', 'UDP4', 'TCP44'))
  .chain((family) => {
    const address = family === 'TCP6' ? mostly(colons, dotted) : mostly(dotted, colons);
    const end = mostly(from('\r\n'), from('\n', '\r', '', '\r\r\n', '\n\r', ' \r\n', '\r\0'));
    const start = fc.tuple(mostly(from('PROXY'), from('PROXy', 'POST')), separator, fc.constant(family));
    const addresses = fc.tuple(separator, address, separator, address);
    return fc.tuple(start, addresses, separator, ports, separator, ports, end, from('', 'GET /', '\r\n'));
  })
  .map((parts) => parts.flat().join(''));

it('a line, right or wrong anywhere, gets the answer of the grammar at the byte that decides it', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(lines, fc.nat(), (text, cut) => {
      const bytes = Buffer.from(text, 'latin1').subarray(0, cut % 3 === 0 ? cut % text.length : text.length);
      const answer = decode(bytes);
      kinds.add(answer.kind);
      expect(answer).toMatchObject(judge(bytes.toString('latin1')));
      if (answer.kind === 'invalid') expect(answer.field).toBe(fieldAt(text, answer.offset));
    }),
    { numRuns: byBudget(2500, 10_000) },
  );
  expect([...kinds].toSorted()).toEqual(['absent', 'incomplete', 'invalid', 'valid']);
});
