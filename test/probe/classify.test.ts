import { describe, expect, test } from 'vitest';
import { byBudget } from '../helpers/budget.js';
import { settle, settleThere } from './observed.js';

/** A verdict with its confidence. */
function said(...settling: Parameters<typeof settle>): string {
  const { verdict, confidence } = settle(...settling);
  return `${verdict} ${confidence}`;
}

const http = { app: 'http' } as const;
const refused = { 'plain+http': 'FIN', 'broken+http': 'FIN', 'plain+tls': 'FIN' } as const;

describe('HTTP', () => {
  test('a slow first answer is asked for again, with more patience, before it counts as a refusal', () => {
    const row = { 'v1+http': 200, 'broken+http': 400 };
    expect(settle({ ...row, 'plain+http': ['open', 200] }, http)).toMatchObject({
      verdict: 'accepts-both',
      probes: ['plain+http', 'v1+http', 'broken+http', 'plain+http', 'v1+http'],
    });
    expect(said({ ...row, 'plain+http': ['open', 'open'] }, http)).toBe('requires-proxy weak');
  });

  test('a slow server without PROXY is recognised by its second answer', () => {
    expect(
      said(
        { 'plain+http': ['open', 200], 'v1+http': ['open', 400], 'broken+http': 400, 'plain+tls': 400 },
        http,
      ),
    ).toBe('no-proxy strong');
  });

  test('silence behind the line is weak evidence, and only after a second try', () => {
    const { verdict, confidence, probes } = settle({ 'plain+http': 200, 'v1+http': 'open' }, http);
    expect([verdict, confidence]).toEqual(['no-proxy', 'weak']);
    expect(probes).toEqual(['plain+http', 'v1+http', 'v1+http', 'plain+http']);
  });

  test('a close behind the line counts only where the plain request still works', () => {
    expect(said({ 'plain+http': [200, 200], 'v1+http': 'RST' }, http)).toBe('no-proxy strong');
    expect(
      said({ 'plain+http': [200, 'FIN'], 'v1+http': 'RST', 'v2+http': 'FIN', 'broken+http': 'FIN' }, http),
    ).toBe('inconclusive weak');
  });

  test('400 to everything proves nothing, but 400 to the bare line hints at an HTTP parser', () => {
    const all = {
      'plain+http': 400,
      'v1+http': 400,
      'broken+http': 400,
      'plain+tls': 400,
      'plain+none': 'open',
    };
    expect(said({ ...all, 'v1+none': 400 })).toBe('no-proxy weak');
    expect(said({ ...all, 'v1+none': 'open' })).toBe('inconclusive weak');
    expect(said({ ...all, 'v1+none': 408 })).toBe('inconclusive weak');
  });

  test('400 behind the line alone is an answer, where all else is closed on', () => {
    expect(said({ ...refused, 'plain+none': 'open', 'v1+http': 400 })).toBe('requires-proxy strong');
  });

  test('a server that drops requests silently and knows a bad line is not taken for PROXY', () => {
    expect(
      said({
        'plain+none': 'open',
        'plain+http': 'FIN',
        'v1+http': 400,
        'broken+http': 400,
        'plain+tls': 400,
        'v1+none': 400,
      }),
    ).toBe('no-proxy weak');
  });

  test('a lenient parser that takes PROXY for a method is not taken for one that accepts the line', () => {
    expect(said({ 'plain+http': 200, 'v1+http': 405, 'broken+http': 405 }, http)).toBe('no-proxy weak');
    expect(said({ 'plain+http': 404, 'v1+http': 404, 'broken+http': 404 }, http)).toBe('inconclusive weak');
    expect(said({ 'plain+http': 'FIN', 'v1+http': 501, 'broken+http': 501, 'v2+http': 'FIN' }, http)).toBe(
      'inconclusive weak',
    );
  });

  test('an answer to a broken line as well proves nothing if a meaningless word draws no error', () => {
    const all = { 'plain+http': 200, 'v1+http': 200, 'broken+http': 200 };
    expect(said({ ...all, 'plain+word': 400 }, http)).toBe('accepts-both weak');
    expect(said({ ...all, 'plain+word': 200 }, http)).toBe('inconclusive weak');
    expect(said({ ...all, 'plain+word': 'open' }, http)).toBe('inconclusive weak');
  });

  test('a greeting that comes late is waited for behind the line as long as without', () => {
    const late = { 'plain+none': 'open', 'plain+http': ['open', '220 hi'], 'broken+http': 'FIN' };
    expect(said({ ...late, 'v1+http': ['open', '220 hi'] })).toBe('accepts-both strong');
  });

  test('a timeout answer by a server in front that does not speak TLS is not an error caused by the line', () => {
    const row = { 'plain+none': 'open', 'plain+http': 'FIN', 'v1+http': 'FIN', 'v1+tls': 503 };
    expect(said({ ...row, 'plain+tls': ['Hello', 503] })).toBe('inconclusive weak');
    expect(said({ ...row, 'plain+tls': 'Hello', 'v1+tls': 400, 'inside+plain': 200 })).toBe(
      'no-proxy strong',
    );
  });

  test('answers that differ for no clear reason prove nothing', () => {
    expect(said({ 'plain+http': 403, 'v1+http': 200, 'broken+http': 403 }, http)).toBe('inconclusive weak');
    expect(said({ 'plain+http': 200, 'v1+http': 503, 'broken+http': 'FIN' }, http)).toBe('accepts-both weak');
  });

  test('a gateway error behind the line is an answer, with a note that the application was not tested', () => {
    const settled = settle({ 'plain+http': 'RST', 'v1+http': 503, 'broken+http': 'RST' }, http);
    expect(settled).toMatchObject({ verdict: 'requires-proxy', confidence: 'strong' });
    expect(settled.notes.join()).toContain('503');
  });

  test('version 2 alone is said to be useless here', () => {
    const row = { ...refused, 'plain+none': 'open', 'v1+http': 'FIN', 'v1+tls': 'FIN', 'v1+none': 'FIN' };
    const settled = settle({ ...row, 'v2+http': 200 });
    expect(settled).toMatchObject({ verdict: 'requires-proxy-v2', confidence: 'strong' });
    expect(settled.probes.slice(-2)).toEqual(['v2+http', 'v2+http']);
    expect(said({ ...row, 'v2+http': 'FIN', 'v2+tls': 'Hello' })).toBe('requires-proxy-v2 strong');
    expect(said({ ...row, 'v2+http': 'FIN', 'v2+tls': 'FIN' })).toBe('inconclusive weak');
    expect(said({ ...row, 'v2+http': 200 }, http)).toBe('requires-proxy-v2 strong');
    expect(said({ 'plain+tls': 'FIN', 'v1+tls': 'FIN', 'v2+tls': 'Hello' }, { app: 'tls' })).toBe(
      'requires-proxy-v2 strong',
    );
  });
});

describe('TLS', () => {
  const tls = { app: 'tls' } as const;
  const inside = { 'plain+tls': 'Hello', 'v1+tls': 'FIN', 'broken+tls': 'FIN' };

  test('a handshake both ways is accepts-both', () => {
    expect(said({ 'plain+tls': 'Hello', 'v1+tls': 'Hello', 'inside+plain': 200 }, tls)).toBe(
      'accepts-both strong',
    );
  });

  test('a handshake that was only slow is tried again', () => {
    expect(said({ 'plain+tls': ['open', 'Hello'], 'v1+tls': 'Hello' }, tls)).toBe('accepts-both strong');
    expect(said({ 'plain+tls': 'open', 'v1+tls': 'Hello' }, tls)).toBe('requires-proxy weak');
    expect(said({ 'plain+tls': 'Hello', 'v1+tls': ['open', 'Hello'] }, tls)).toBe('accepts-both strong');
  });

  test('an alert counts as TLS, unless garbage draws the same', () => {
    expect(said({ 'plain+tls': 'alert 112', 'v1+tls': 'FIN' }, tls)).toBe('no-proxy strong');
    expect(said({ 'plain+tls': 'alert 80', 'v1+tls': 'FIN' }, tls)).toBe('no-proxy weak');
    expect(said({ 'plain+tls': 'alert 40', 'v1+tls': 'alert 40', 'broken+tls': 'FIN' }, tls)).toBe(
      'accepts-both weak',
    );
    expect(said({ 'plain+tls': 'alert 40', 'v1+tls': 'alert 40', 'broken+tls': 'alert 40' }, tls)).toBe(
      'inconclusive weak',
    );
    expect(said({ 'plain+tls': 'alert 40', 'v1+tls': 'Hello' }, tls)).toBe('requires-proxy weak');
    expect(said({ 'plain+tls': 'FIN', 'v1+tls': 'alert 112', 'broken+tls': 'FIN' }, tls)).toBe(
      'requires-proxy weak',
    );
    expect(
      said({ 'plain+tls': 'FIN', 'v1+tls': 'alert 112', 'broken+tls': 'alert 112', 'v2+tls': 'FIN' }, tls),
    ).toBe('inconclusive weak');
  });

  test('the line may be wanted inside', () => {
    const wanted = { 'tls+v1': 200, 'tls+broken': 'FIN' };
    expect(said({ ...inside, ...wanted, 'inside+plain': 'FIN' }, tls)).toBe(
      'requires-proxy-inside-tls strong',
    );
    expect(said({ ...inside, 'inside+plain': 400, ...wanted, 'tls+broken': 400 }, tls)).toBe(
      'requires-proxy-inside-tls strong',
    );
    expect(said({ ...inside, 'inside+plain': 'FIN', 'tls+v1': 'open', 'tls+broken': 'FIN' }, tls)).toBe(
      'requires-proxy-inside-tls weak',
    );
  });

  test('TLS does not require a line inside if the application answers without it, or answers the broken one too', () => {
    expect(said({ ...inside, 'inside+plain': 'hello' }, tls)).toBe('no-proxy strong');
    expect(said({ ...inside, 'inside+plain': 'FIN', 'tls+v1': 'FIN', 'tls+broken': 'FIN' }, tls)).toBe(
      'no-proxy weak',
    );
    expect(said({ ...inside, 'inside+plain': 'FIN', 'tls+v1': 400, 'tls+broken': 400 }, tls)).toBe(
      'no-proxy weak',
    );
    expect(said({ ...inside, 'inside+plain': 'open', 'tls+v1': 'open' }, tls)).toBe('no-proxy weak');
  });

  test('no handshake at all', () => {
    expect(said({ 'plain+tls': 400, 'v1+tls': 400 }, tls)).toBe('inconclusive weak');
  });

  test('a handshake behind the line counts, however the plain one failed', () => {
    expect(said({ 'plain+tls': '220 hi', 'v1+tls': 'Hello' }, tls)).toBe('requires-proxy strong');
    expect(said({ 'plain+tls': 400, 'v1+tls': 'Hello' }, tls)).toBe('requires-proxy strong');
    const held = { 'plain+none': 'open', 'plain+http': 'open', 'v1+http': 'open', 'broken+http': 'open' };
    expect(said({ ...held, 'plain+tls': 'open', 'v1+tls': 'Hello' })).toBe('requires-proxy weak');
  });
});

describe('a greeting', () => {
  const greeting = '5.5.5-MariaDB salt';

  test('a greeting without any reaction to a line is weak: a PROXY line may be read later, or not at all', () => {
    const deaf = { 'plain+none': greeting, 'v1+none': greeting, 'broken+none': greeting };
    expect(said({ ...deaf, 'plain+word': greeting })).toBe('no-proxy weak');
    expect(said({ ...deaf, 'plain+word': `${greeting}, FIN` })).toBe('no-proxy weak');
    expect(said({ ...deaf, 'plain+word': greeting }, { app: 'tcp' })).toBe('no-proxy weak');
  });

  test('a greeting without any reaction to a PROXY line, but to another one, means that it skips PROXY lines', () => {
    const lax = { 'plain+none': '220 hi\r\n', 'v1+none': '220 hi\r\n', 'broken+none': '220 hi\r\n' };
    const word = { 'plain+word': '220 hi\r\n500 what\r\n' };
    expect(said({ ...lax, ...word })).toBe('accepts-both weak');
    // The line was refused on another connection: there are two servers, or one that is slow.
    expect(said({ ...lax, ...word, 'v1+none': ['220 hi\r\n', '220 hi\r\n500 what\r\n'] })).not.toMatch(
      /accepts-both/,
    );
  });

  test('a greeting behind which a valid line is taken and a broken one is not means that both go', () => {
    const mariadb = { 'plain+none': greeting, 'v1+none': greeting, 'broken+none': `${greeting}, FIN` };
    expect(said({ ...mariadb, 'plain+word': greeting })).toBe('accepts-both weak');
    // Is it the line that it misses, or is the word nothing in its own protocol?
    expect(said({ ...mariadb, 'plain+word': `${greeting}, FIN` })).toBe('inconclusive weak');
  });

  test('whose salt happens to hold a line break is not taken for an error', () => {
    const salts = { 'plain+none': 'salt ab', 'v1+none': 'salt \nb', 'broken+none': 'salt cd' };
    expect(said({ ...salts, 'plain+word': 'salt ef' })).toBe('no-proxy weak');
  });

  test('that comes only after the line means that it is required', () => {
    const tcp = { app: 'tcp' } as const;
    const late = { 'plain+none': 'open', 'v1+none': '220 hi', 'broken+none': 'FIN' };
    expect(said({ ...late, 'plain+word': 'FIN' }, tcp)).toBe('requires-proxy strong');
    expect(said({ ...late, 'plain+word': 'open' }, tcp)).toBe('requires-proxy weak');
    expect(said({ ...late, 'plain+word': '500 what' }, tcp)).toBe('inconclusive weak');
    expect(said({ ...late, 'broken+none': 'ERROR', 'plain+word': 'what' }, tcp)).toBe('inconclusive weak');
  });

  test('that any line triggers is not an answer to the line: what comes later decides (exim)', () => {
    const exims = '220 mail ESMTP Exim 4.96 Sun, 29 Nov 2026 03:12:09 +0000';
    const missed = `${exims}\r\n503 Command missed, required Proxy negotiation failed\r\n`;
    const taken = `${exims.replace('09', '11')}\r\n500 unrecognized command\r\n`;
    const exim = {
      'plain+none': 'open',
      'plain+http': missed,
      'v1+http': taken,
      // One line more was said, and refused.
      'broken+http': missed.replace(/503.*\r\n/, (line) => line + line),
      'v1+none': exims,
      'broken+none': exims,
    };
    expect(said(exim)).toBe('requires-proxy weak');
    expect(said(exim, { app: 'tcp' })).toBe('requires-proxy weak');
    expect(said({ ...exim, 'v1+http': missed, 'plain+word': exims }, { app: 'tcp' })).toBe('no-proxy weak');
  });

  test('a greeting in binary is waited for, and what comes behind it is the answer', () => {
    const hello = 'Y\x00\x00\x005.5.5-MariaDB\x00';
    const asked = settle({
      'plain+none': hello,
      'v1+none': hello,
      'broken+none': `${hello}|error, FIN`,
      'plain+word': hello,
    });
    expect(`${asked.verdict} ${asked.confidence}`).toBe('accepts-both weak');
    expect(said({ 'plain+none': hello, 'v1+none': `${hello}\n|error\x00` })).toBe('no-proxy strong');
    // One thread id more, and it is a line break.
    const broken = { 'plain+none': hello, 'v1+none': hello.replace('Y', '\n\n'), 'broken+none': hello };
    expect(said({ ...broken, 'plain+word': hello })).toBe('no-proxy weak');
  });

  test('that comes with the first byte, whatever it is, is recognised by what follows (nginx and HTTP/2)', () => {
    const goaway = 'SETTINGS GOAWAY, FIN';
    const nginx = { 'plain+none': 'open', 'v1+none': 'SETTINGS', 'broken+none': goaway };
    const rest = { 'plain+http': goaway, 'v1+http': goaway, 'broken+http': goaway, 'plain+tls': goaway };
    expect(said({ ...nginx, ...rest, 'plain+word': goaway })).toBe('requires-proxy weak');
    expect(said({ ...nginx, ...rest, 'v1+none': goaway, 'plain+word': goaway })).toBe('no-proxy strong');
  });

  test('an HTTP 408 or an alert is none', () => {
    expect(settle({ 'plain+none': 408, 'plain+http': 200, 'v1+http': 400 }).probes).toContain('plain+http');
  });
});

describe('other protocols', () => {
  test('memcached answers every line with ERROR, the PROXY line too', () => {
    expect(
      said({
        'plain+none': 'open',
        'plain+http': 'ERROR\r\nERROR\r\n',
        'v1+http': 'ERROR\r\nERROR\r\nERROR\r\n',
        'broken+http': 'ERROR\r\nERROR\r\nERROR\r\n',
      }),
    ).toBe('no-proxy weak');
  });

  test('one that answers the same behind a line, and no broken line, takes both', () => {
    expect(said({ 'plain+none': 'open', 'plain+http': 'ERR', 'v1+http': 'ERR', 'broken+http': 'FIN' })).toBe(
      'accepts-both strong',
    );
  });

  test('one that says the same to everything proves nothing', () => {
    expect(
      said({
        'plain+none': 'open',
        'plain+http': 'AMQP',
        'v1+http': 'AMQP',
        'broken+http': 'AMQP',
        'plain+tls': 'AMQP',
        'v1+none': 'AMQP',
        'broken+none': 'AMQP',
      }),
    ).not.toContain('accepts');
  });

  test('one that closes on everything but the line is weakly requiring; on everything, unknown', () => {
    const closing = { ...refused, 'plain+none': 'open', 'v1+http': 'FIN', 'v1+tls': 'FIN' };
    const held = { ...closing, 'v1+none': 'open', 'broken+none': 'FIN' };
    expect(said({ ...held, 'plain+byte': 'FIN' })).toBe('requires-proxy weak');
    // It may be the application that closes on a request, a ClientHello and a word alike, with a line or without.
    expect(said({ ...held, 'plain+byte': 'open', 'plain+word': 'FIN' })).toBe('inconclusive weak');
    expect(said({ ...held, 'v1+tls': 'open', 'plain+word': 'FIN' })).toBe('requires-proxy weak');
    expect(said({ ...closing, 'v1+none': 'open', 'broken+none': 'open' })).toBe('inconclusive weak');
    expect(said({ ...held, 'v1+tls': 'open', 'plain+word': 'open' })).toBe('inconclusive weak');
  });

  test('one that only refuses the broken line takes both, weakly', () => {
    const held = { 'plain+none': 'open', 'plain+http': 'open', 'v1+http': 'open', 'broken+http': 'FIN' };
    expect(said(held)).toBe('accepts-both weak');
    expect(
      said(
        {
          'plain+none': 'open',
          'v1+none': 'open',
          'broken+none': 'FIN',
          'plain+byte': 'open',
          'plain+word': 'open',
        },
        { app: 'tcp' },
      ),
    ).toBe('accepts-both weak');
  });
});

describe('--send', () => {
  const send = { app: 'auto', send: true, expectReply: Buffer.from('PONG') } as const;

  test.each([
    ['accepts-both strong', '+PONG', '+PONG', '-ERR, FIN', undefined],
    ['requires-proxy strong', 'FIN', '+PONG', 'FIN', undefined],
    ['requires-proxy strong', '-DENIED', '+PONG', 'FIN', undefined],
    ['requires-proxy weak', 'open', '+PONG', 'FIN', undefined],
    ['no-proxy strong', '+PONG', '-ERR', 'FIN', undefined],
    ['no-proxy strong', '+PONG', "-ERR unknown command 'PROXY' 'TCP4'\r\n+PONG", 'FIN', undefined],
    ['no-proxy weak', '+PONG', 'ERROR\r\n+PONG', 'ERROR\r\n+PONG', undefined],
    ['no-proxy weak', '+PONG', 'open', 'FIN', undefined],
    ['requires-proxy-v2 strong', 'FIN', 'FIN', 'FIN', '+PONG'],
    ['inconclusive weak', 'FIN', 'FIN', 'FIN', 'FIN'],
    ['inconclusive weak', '+PONG', '+PONG', '+PONG', undefined],
    ['inconclusive weak', 'FIN', '+PONG', '+PONG', undefined],
  ])(
    '%s: %s, behind a line %s, behind a broken one %s, version 2 %s',
    (verdict, plain, line, broken, second) => {
      const row = { 'plain+send': plain, 'v1+send': line, 'broken+send': broken };
      expect(said(second === undefined ? row : { ...row, 'v2+send': second }, send)).toBe(verdict);
    },
  );

  test('waits for a greeting where there is one, and behind a line where the bytes alone drew nothing', () => {
    const ehlo = { send: true, expectReply: Buffer.from('250') } as const;
    const greets = { 'plain+none': '220 hi\r\n', 'plain+send': '220 hi\r\n|250 ok' };
    expect(said({ ...greets, 'v1+send': '220 hi\r\n554 early|, FIN', 'broken+send': 'FIN' }, ehlo)).toBe(
      'no-proxy strong',
    );
    expect(
      said(
        {
          ...greets,
          'v1+send': '220 hi\r\n500 what\r\n|250 ok',
          'broken+send': '220 hi\r\n500 what\r\n|250 ok',
        },
        ehlo,
      ),
    ).toBe('no-proxy weak');
    expect(said({ ...greets, 'v1+send': '220 hi\r\n|250 ok', 'broken+send': 'FIN' }, ehlo)).toBe(
      'accepts-both strong',
    );
    expect(said({ 'plain+send': 'FIN', 'v1+send': '220 hi\r\n|250 ok', 'broken+send': 'FIN' }, ehlo)).toBe(
      'requires-proxy strong',
    );
    expect(
      said(
        { ...greets, 'plain+send': '220 hi\r\n|', 'v1+send': '220 hi\r\n|', 'v2+send': 'FIN' },
        { send: true },
      ),
    ).toBe('inconclusive weak');
  });

  test('looks at the line before the reply where a greeting is longer now and then (Dovecot)', () => {
    const noop = { send: true, expectReply: Buffer.from('a OK') } as const;
    const ready = '* OK ready.\r\n';
    const error = 'PROXY BAD Error in IMAP command.\r\n|a OK';
    const dovecot = { 'plain+none': ready, 'plain+send': `${ready}|a OK`, 'broken+send': ready + error };
    expect(said({ ...dovecot, 'v1+send': `* OK Waiting\r\n${ready}${error}` }, noop)).toBe('no-proxy weak');
    expect(said({ ...dovecot, 'v1+send': `* OK Waiting\r\n${ready}|a OK` }, noop)).toBe('inconclusive weak');
  });

  test('--send without an expected reply takes any reply, and is less sure', () => {
    const goal = { app: 'tcp', send: true } as const;
    expect(said({ 'plain+send': 'x', 'v1+send': 'x', 'broken+send': 'FIN' }, goal)).toBe('accepts-both weak');
    expect(said({ 'plain+send': 'x', 'v1+send': 'y', 'broken+send': 'FIN' }, goal)).toBe('accepts-both weak');
    expect(said({ 'plain+send': 'x', 'v1+send': 'y', 'broken+send': 'z' }, goal)).toBe('inconclusive weak');
    expect(said({ 'plain+send': 'FIN', 'v1+send': 'y', 'broken+send': 'FIN' }, goal)).toBe(
      'requires-proxy strong',
    );
  });
});

describe('answers that differ from connection to connection', () => {
  const one = { 'plain+none': 'open' } as const;

  test('prove nothing, because two servers may have given them', () => {
    const down = settle({ ...one, 'plain+http': ['FIN', 200], 'v1+http': 400, 'broken+http': 'FIN' });
    expect(down).toMatchObject({ verdict: 'inconclusive', confidence: 'weak' });
    expect(down.reason).toBe(
      'it does not always behave the same: to an HTTP request it closed the connection, and on another connection answered HTTP 200',
    );
    expect(down.advice).toContain('probe each of them');
    expect(said({ ...one, 'plain+http': [200, 'FIN'], 'v1+http': 200, 'broken+http': 'FIN' })).toBe(
      'inconclusive weak',
    );
    expect(said({ ...one, 'plain+http': 200, 'v1+http': [200, 400], 'broken+http': 400 })).toBe(
      'inconclusive weak',
    );
    expect(said({ ...one, 'plain+http': 200, 'v1+http': ['FIN', 200], 'broken+http': 'FIN' })).toBe(
      'inconclusive weak',
    );
    const tls = { ...one, ...refused, 'v1+http': 'FIN' };
    expect(said({ ...tls, 'plain+tls': 'Hello', 'v1+tls': ['Hello', 'FIN'] })).toBe('inconclusive weak');
    expect(said({ ...tls, 'plain+tls': ['FIN', 'Hello'], 'v1+tls': 'Hello' })).toBe('inconclusive weak');
  });

  test('do not contradict if it refuses with and without a message, or was only slow', () => {
    expect(said({ ...one, 'plain+http': [400, 'FIN'], 'v1+http': 200, 'broken+http': 'FIN' })).toBe(
      'requires-proxy strong',
    );
    expect(said({ ...one, 'plain+http': 200, 'v1+http': [200, 503], 'broken+http': 400 })).toBe(
      'accepts-both weak',
    );
  });

  test('are none where they differ in times, numbers and random identifiers only (XMPP)', () => {
    const stream = (id: string) =>
      `<stream:stream id='${id}'><stream:error><not-well-formed/></stream:error>, FIN`;
    const xmpp = (letter: string) => ({
      'plain+none': 'open',
      'plain+http': stream(`a4f${letter}8c1e-0b7d-4f65-9c3a-2d1e0f9b8a7${letter}`),
      'v1+http': stream('1442718920873640275'),
      'broken+http': stream('XbQz81RkTp'),
    });
    const rest = { 'v1+none': stream('1f'), 'broken+none': stream('1f'), 'plain+word': stream('1f') };
    for (const letter of ['0', 'a', 'f']) expect(said({ ...xmpp(letter), ...rest })).toBe('no-proxy strong');
  });

  test('do not contradict if a server rejects a ClientHello sometimes with an alert, sometimes silently', () => {
    const tls = { app: 'tls' } as const;
    expect(said({ 'plain+tls': ['alert 10', 'open'], 'v1+tls': 'Hello' }, tls)).toBe('requires-proxy weak');
  });

  test('are not looked for behind an error that answers the line', () => {
    expect(settle({ ...one, 'plain+http': 200, 'v1+http': 400 }).probes).toHaveLength(3);
  });

  test('show where a connection is closed at once with nothing sent, and another greeted: a reset may eat a greeting', () => {
    const rows = {
      ...refused,
      'plain+none': 'RST',
      'v1+http': 'RST',
      'broken+none': 'RST',
      'plain+word': 'RST',
    } as const;
    const { verdict, reason } = settle({ ...rows, 'plain+http': '220 hi', 'v1+none': '220 hi' });
    expect(verdict).toBe('inconclusive');
    expect(reason).toContain('it does not always behave the same');
  });

  test('show where a connection is closed at once with nothing sent, and another is held', () => {
    expect(settle({ 'plain+none': 'FIN', 'plain+http': 'open', 'v1+http': 'FIN' }).reason).toBe(
      'it does not always behave the same: it closed a connection at once, and held another behind an HTTP request',
    );
  });
});

describe('a backend that cannot be reached', () => {
  test('that resets each connection once it is established is not reported as down', () => {
    const settled = settle({ 'plain+none': 'RST', 'plain+http': 'RST', 'v1+http': 'RST' });
    expect(settled.reason).toContain('closes every connection at once');
  });

  test.each(['refused', 'timeout', 'unreachable'])('%s: nothing more is tried', (cell) => {
    const settled = settle({ 'plain+none': cell });
    expect(settled).toMatchObject({ verdict: 'inconclusive', confidence: 'strong', probes: ['plain+none'] });
  });

  test('that goes away on the way', () => {
    expect(settle({ 'plain+none': 'open', 'plain+http': 'refused' }).reason).toContain('after 1 probe, ');
  });

  test('that is only restarting is asked once more', () => {
    const restarting = settle({ 'plain+none': 'open', 'plain+http': ['refused', 200], 'v1+http': 400 });
    expect(restarting).toMatchObject({
      verdict: 'no-proxy',
      probes: ['plain+none', 'plain+http', 'plain+http', 'v1+http'],
    });
  });

  test('that closes at once, whatever is sent, is said to after three', () => {
    const settled = settle({ 'plain+none': 'FIN', 'plain+http': 'RST', 'v1+http': 'RST' });
    expect(settled.verdict).toBe('inconclusive');
    expect(settled.reason).toContain('closes every connection at once');
  });
});

test('no answers whatever make it throw, ask for a ninth probe, or be sure without two kinds of answers', () => {
  const cells = [
    'open',
    'FIN',
    'RST',
    200,
    400,
    404,
    'Hello',
    'alert 40',
    'alert 112',
    'echo',
    'echo-payload',
    'hi',
  ];
  let seed = 7;
  const pick = (): string | number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return cells[Math.floor(seed / 65_536) % cells.length] ?? 'open';
  };
  const names = ['plain', 'v1', 'broken', 'v2'].flatMap((prefix) =>
    ['none', 'http', 'tls', 'send', 'word', 'byte'].map((payload) => `${prefix}+${payload}`),
  );
  for (let round = 0; round < byBudget(2000, 20_000); round++) {
    const row = Object.fromEntries(
      [...names, 'inside+plain', 'tls+v1', 'tls+broken'].map((name) => [name, pick()]),
    );
    const app = (['auto', 'http', 'tls', 'tcp'] as const)[round % 4] ?? 'auto';
    const settled = settle(row, { app, send: round % 8 === 7 });
    expect(settled.reason).not.toBe('');
    expect(settled.advice).not.toBe('');
    if (settled.verdict !== 'inconclusive') expect(new Set(settled.probes).size).toBeGreaterThan(1);
    // A batch may hold less than the procedure would have asked for: then nothing is said, and nothing else.
    const there = settleThere(row, { app, send: round % 8 === 7 });
    if (there.verdict !== settled.verdict)
      expect([there.verdict, settled.verdict], JSON.stringify(row)).toContain('inconclusive');
    else if (settled.confidence === 'weak') expect(there.confidence).toBe('weak');
    expect(there.made.length).toBeLessThanOrEqual(8);
  }
});
