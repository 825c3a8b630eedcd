import { describe, expect, it } from 'vitest';
import { judgeConnection } from '../../src/probe/listen/judge-connection.js';
import { encodeV2 } from '../../src/proxy-protocol/index.js';

const ends = {
  remote: { address: '10.0.0.8', port: 40_000 },
  local: { address: '10.0.0.5', port: 8443 },
};

/** The judgement of chunks, each as it comes. */
function judged(...chunks: (string | Uint8Array)[]) {
  const judge = judgeConnection(ends);
  for (const chunk of chunks) judge.push(Buffer.from(chunk as string, 'latin1'));
  return judge.report(true, 3000);
}

const line = 'PROXY TCP4 203.0.113.9 10.0.0.8 51234 443\r\n';

describe('the first bytes of a connection', () => {
  it('are a valid line, with what it says and what follows', () => {
    expect(judged(`${line}GET / HTTP/1.1\r\n\r\n`)).toMatchObject({
      verdict: 'proxy-v1',
      version: 1,
      command: 'PROXY',
      family: 'TCP4',
      source: { address: '203.0.113.9', port: 51234 },
      destination: { address: '10.0.0.8', port: 443 },
      data: 'http',
      notes: [],
    });
    expect(judged(line, '\x16\x03\x01\x02\x00\x01')).toMatchObject({
      verdict: 'proxy-v1',
      data: 'tls-client-hello',
    });
    expect(judged(line)).not.toHaveProperty('data');
  });

  it('are a version 2 header, which no Classic Load Balancer sends', () => {
    const header = encodeV2({
      source: { address: '203.0.113.9', port: 51234 },
      destination: { address: '10.0.0.8', port: 443 },
    });
    const report = judged(header);
    expect(report).toMatchObject({ verdict: 'proxy-v2', version: 2, family: 'TCP4' });
    expect(report.notes.join()).toContain('version 1');
  });

  it('are application data', () => {
    expect(judged('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatchObject({
      verdict: 'absent',
      data: 'http',
      notes: [],
    });
    expect(judged('\x16\x03\x01\x02\x00\x01')).toMatchObject({ verdict: 'absent', data: 'tls-client-hello' });
    expect(judged('PRI * HTTP/2.0\r\n')).toMatchObject({ verdict: 'absent', data: 'other' });
    expect(judged('EHLO x\r\n')).toMatchObject({ verdict: 'absent', data: 'other' });
  });

  it('identify the load balancer’s own requests', () => {
    const check = 'GET /health HTTP/1.1\r\nUser-Agent: ELB-HealthChecker/1.0\r\n\r\n';
    expect(judged(check)).toMatchObject({ verdict: 'absent', healthCheck: true });
    expect(judged(check).notes.join()).toContain('health check');
    expect(judged('GET / HTTP/1.1\r\n\r\n')).not.toHaveProperty('healthCheck');
    expect(judged('GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n').notes.join()).toContain(
      'HTTP or HTTPS',
    );
  });

  it('are broken: which field, why, at which byte', () => {
    expect(judged('PROXY TCP4 203.0.113.999 10.0.0.8 51234 443\r\n')).toMatchObject({
      verdict: 'malformed',
      field: 'source-address',
      offset: 21 + 2,
      reason: expect.any(String) as string,
    });
    expect(judged('PROXY TCP4 203.0.113.9')).toMatchObject({
      verdict: 'malformed',
      field: 'end',
      offset: 22,
    });
  });

  it('are none', () => {
    expect(judged()).toMatchObject({ verdict: 'empty', hex: '', text: '' });
    expect(judgeConnection(ends).report(false, 3000).reason).toContain('3000 ms');
  });

  it('are a health check’s line only where nothing follows it', () => {
    const own = 'PROXY TCP4 10.0.0.8 10.0.0.8 40000 8443\r\n';
    const socket = 'PROXY TCP4 10.0.0.8 10.0.0.5 40000 8443\r\n';
    expect(judged(own)).toMatchObject({ healthCheck: true });
    expect(judged(socket)).toMatchObject({ healthCheck: true });
    expect(judged(encodeV2({ command: 'LOCAL' }))).toMatchObject({ healthCheck: true, command: 'LOCAL' });
    expect(judged(`${own}x`)).not.toHaveProperty('healthCheck');
    expect(judged('PROXY TCP4 10.0.0.8 10.0.0.8 40000 443\r\n')).not.toHaveProperty('healthCheck');
    expect(judged(line)).not.toHaveProperty('healthCheck');
  });

  it('are a health check’s line also where a NodePort leads here, which it names', () => {
    const check = 'PROXY TCP4 10.0.0.7 10.0.0.7 28225 32004\r\n';
    const report = judged(check);
    expect(report).toMatchObject({ verdict: 'proxy-v1', healthCheck: true });
    expect(report.notes.join()).toContain('32004');
    expect(judged('PROXY TCP6 2001:db8::7 2001:db8::7 28225 30000\r\n')).toMatchObject({ healthCheck: true });
    expect(judged(`${check}GET / HTTP/1.1\r\n\r\n`)).not.toHaveProperty('healthCheck');
    for (const client of ['10.0.0.9 10.0.0.7 28225 32004', '10.0.0.7 10.0.0.7 28225 29999'])
      expect(judged(`PROXY TCP4 ${client}\r\n`), client).not.toHaveProperty('healthCheck');
  });

  it.each([
    ['TCP4 2001:db8::1 10.0.0.1 1 2\r\n', 'source-address', 'an IPv6 address in a TCP4 line'],
    ['TCP4 10.0.0.1 fe80::1 1 2\r\n', 'destination-address', 'an IPv6 address in a TCP4 line'],
    ['TCP6 10.0.0.1 ::1 1 2\r\n', 'source-address', 'an IPv4 address in a TCP6 line'],
    ['TCP6 ::1 192.168.0.1 1 2\r\n', 'destination-address', 'an IPv4 address in a TCP6 line'],
    ['TCP4 ::ffff:10.0.0.1 10.0.0.2 1 2\r\n', 'source-address', 'IPv4-mapped'],
    ['TCP4 10.0.0.1 ::FFFF:a00:2 1 2\r\n', 'destination-address', 'IPv4-mapped'],
    ['TCP4 0:0:0:0:0:ffff:10.0.0.1 10.0.0.2 1 2\r\n', 'source-address', 'IPv4-mapped'],
    ['TCP6 ::ffff:10.0.0.1 ::1 1 2\r\n', 'source-address', 'IPv4-mapped'],
    ['TCP4 10.0.0.1 10.0.0.2 1 2\n', 'line-end', 'line feed alone'],
    ['TCP6 ::1 ::1 1 2\nGET / HTTP/1.1\r\n\r\n', 'line-end', 'line feed alone'],
    ['UNKNOWN\n', 'line-end', 'line feed alone'],
    ['UNKNOWN and more\nPING\n', 'line-end', 'line feed alone'],
    ['TCP4 host 10.0.0.2 1 2\r\n', 'source-address', 'is not allowed here'],
    ['TCP4 10.0.0.300 10.0.0.2 1 2\n', 'source-address', 'above 255'],
  ])('are malformed as what they are: %j', (text, field, reason) => {
    const whole = judged(`PROXY ${text}`);
    expect(whole).toMatchObject({ verdict: 'malformed', field, reason: expect.stringContaining(reason) });
    expect(judged(...`PROXY ${text}`.split(''))).toMatchObject({
      field,
      reason: whole.reason,
      offset: whole.offset,
    });
  });

  it('may be two headers', () => {
    const report = judged(`${line}PROXY TCP4 198.51.100.1 203.0.113.9 1 2\r\nGET`);
    expect(report).toMatchObject({
      verdict: 'proxy-v1',
      second: { source: { address: '198.51.100.1', port: 1 } },
    });
    expect(report.notes.join()).toContain('second header');
  });

  it('may come in pieces, which three servers refuse', () => {
    const report = judged('PROXY TCP4 203.', '0.113.9 10.0.0.8 51234 ', '443\r\n', 'data');
    expect(report).toMatchObject({ verdict: 'proxy-v1', pieces: 3, data: 'other' });
    expect(report.notes.join()).toContain('3 pieces');
    expect(judged(line, 'data')).not.toHaveProperty('pieces');
  });

  it('are shown escaped and bounded, whatever they are', () => {
    const report = judged(`\u001b[31m${'x'.repeat(100_000)}`);
    expect(report.text).toMatch(/^\\x1b\[31mx+$/);
    expect(report.hex).toHaveLength(512);
  });

  it('are judged the same in one piece and byte by byte', () => {
    for (const text of [line, `${line}GET / HTTP/1.1\r\n\r\n`, 'PROXY TCP4 1', 'GET /', '\r\n\r\n', '']) {
      const { pieces: _, notes: __, ...whole } = judged(text);
      const { pieces: ___, notes: ____, ...bytewise } = judged(...text.split(''));
      expect(bytewise).toEqual(whole);
    }
  });
});
