import stringWidth from 'fast-string-width';
import { describe, expect, test } from 'vitest';
import { makeStyle } from '../../src/render/make-style.js';
import type { Style } from '../../src/render/style.js';
import { expectGolden } from './golden.js';

/** What a renderer makes of its fixture in a style. */
export type Look = (style: Style) => string;

const widths = [80, 120] as const;
const styles = widths.flatMap((width) => [
  { name: `${width}`, style: makeStyle({ width, colourLevel: 0, unicode: true }) },
  { name: `${width}.ascii`, style: makeStyle({ width, colourLevel: 0, unicode: false }) },
  { name: `${width}.colour`, style: makeStyle({ width, colourLevel: 1, unicode: true }) },
]);

const escape = '\u001b';
const colours = new RegExp(`${escape}\\[\\d+m`, 'g');

/**
 * Holds each renderer to its golden files at 80 and 120 columns: UTF-8, ASCII, and UTF-8 in colour. Colour only adds to
 * a text, in ASCII as well, so that the fourth look follows from the others.
 *
 * @param fits whether a line is allowed to be as wide as it is, where it is wider than the terminal
 */
export function describeEveryLook(
  looks: Readonly<Record<string, Look>>,
  fits: (name: string, line: string) => boolean = () => false,
): void {
  describe.each(Object.entries(looks))('%s', (name, look) => {
    test.each(styles)('looks at $name as its golden file', (settings) => {
      expectGolden(`${name}.${settings.name}`, look(settings.style));
    });

    test.each(widths)(
      'says the same with and without colour at %i columns, in UTF-8 and in ASCII',
      (width) => {
        for (const unicode of [true, false]) {
          const plain = look(makeStyle({ width, colourLevel: 0, unicode }));
          for (const colourLevel of [1, 2, 3] as const) {
            const coloured = look(makeStyle({ width, colourLevel, unicode }));
            expect(coloured.replaceAll(colours, '')).toBe(plain);
          }
          expect(plain).not.toContain(escape);
        }
      },
    );

    test('has nothing but ASCII in ASCII, ends in one newline, and has no trailing spaces', () => {
      for (const width of widths) {
        expect(look(makeStyle({ width, colourLevel: 0, unicode: false }))).toMatch(/^[\t\n -~]*$/);
        const text = look(makeStyle({ width, colourLevel: 0, unicode: true }));
        expect(text).toMatch(/[^\n]\n$/);
        expect(text).not.toMatch(/[ \t]\n/);
      }
    });

    test('fits any width', () => {
      for (let width = 60; width <= 130; width++) {
        for (const unicode of [true, false]) {
          const lines = look(makeStyle({ width, colourLevel: 0, unicode })).split('\n');
          const tooLong = lines.filter((line) => stringWidth(line) > width && !fits(name, line));
          expect(tooLong, `at ${width} columns`).toEqual([]);
        }
      }
    });
  });
}
