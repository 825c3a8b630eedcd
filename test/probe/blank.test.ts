import { expect, it } from 'vitest';
import { blank, blankLines, isText } from '../../src/probe/blank.js';

const same = (one: string, other: string): boolean => blank(Buffer.from(one)) === blank(Buffer.from(other));

it.each([
  ['220 a ESMTP Sun, 29 Nov 2026 03:12:09 +0000', '220 a ESMTP Sun, 29 Nov 2026 03:12:10 +0000'],
  [
    "<stream id='c0ffee00-1234-4abc-8def-0123456789ab'>",
    "<stream id='deadbeef-4321-4cba-8fed-ba9876543210'>",
  ],
  ["id='14389276443862391721'", "id='991'".replace('991', '8812390127730912')],
  ['PROXY BAD Unknown command (0.001 + 0.000 secs).', 'PROXY BAD Unknown command (0.002 + 0.001 secs).'],
  ['took 12 ms', 'took 7 ms'],
  ["<stream:stream id='qwertyuiop' xml:lang='en'>", "<stream:stream id='a1f' xml:lang='en'>"],
  ['<stream id="-_x9"/>', '<stream id="Zk_-Qw4"/>'],
  ['id=XbQz81RkTp', 'id=aK29dLqPwE'],
  ['client 127.0.0.1:54321', 'client 127.0.0.1:40022'],
])('%s and %s are the same answer', (one, other) => expect(same(one, other)).toBe(true));

it.each([
  ['500 unrecognized command', '503 required Proxy negotiation failed'],
  ['-ERR unknown command', '-ERR wrong number of arguments'],
  ['BadRequestError', 'InvalidTokenError'],
  ['HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found'],
  ['10.0.0.5', '10.0.0.6'],
])('%s and %s are not', (one, other) => expect(same(one, other)).toBe(false));

it('counts a repeated line once', () => {
  const lines = (text: string) => blankLines(Buffer.from(text));
  expect(lines('220 a\r\n503 no\r\n503 no\r\n')).toBe(lines('220 a\r\n503 no\r\n503 no\r\n503 no\r\n'));
  expect(lines('220 a\r\n503 no\r\n')).not.toBe(lines('503 no\r\n220 a\r\n'));
});

it('takes a MariaDB greeting for binary, whatever its thread id, and text for text', () => {
  expect(isText(Buffer.from('d\0\0\0\n5.5.5-MariaDB\0\n'))).toBe(false);
  expect(isText(Buffer.from('* OK [CAPABILITY IMAP4rev1] ready.\r\n\t'))).toBe(true);
});
