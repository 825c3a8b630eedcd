import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EncodedBatch, encodeBatch } from '../../../src/probe/instance/encode-batch.js';
import { judgeInstance } from '../../../src/probe/instance/judge-instance.js';
import { readOutput } from '../../../src/probe/instance/read-output.js';

const at = { address: '10.0.0.5', port: 8443 };
const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const packed = (text: string) => gzipSync(text).toString('base64');
const said = (text: string, engine = 'python3', version = '1') =>
  `elb-proxy ${version} ${engine} ${packed(text)} end\n`;
const web = [
  '@ 10.0.0.5',
  `1 open 1000 0 0 40000 -1 - -`,
  `12 open 3 15 0 40001 -1 ${hex('HTTP/1.1 200 OK')}- -`,
  `13 open 3 24 0 40002 -1 ${hex('HTTP/1.1 400 Bad Request')}- -`,
].join('\n');

let batch: EncodedBatch;
beforeAll(async () => {
  const made = await encodeBatch({ app: 'auto', timeoutMs: 3000, bannerWaitMs: 1000 }, 8443);
  if (made === undefined) throw new Error('too long');
  batch = made;
});

const verdictOf = (text: string) =>
  judgeInstance(readOutput(text, batch, at), {
    target: { host: '10.0.0.5', port: 8443, instanceId: 'i-0a1b2c3d4e5f60001' },
    address: '10.0.0.5',
    goal: { app: 'auto', send: false },
  });

describe('what an instance printed', () => {
  it('is judged where it came whole', () => {
    expect([1, 12, 13].map((place) => batch.asked[place - 1]?.probe)).toEqual([
      'plain+none',
      'plain+http',
      'v1+http',
    ]);
    expect(verdictOf(said(web))).toMatchObject({ verdict: 'no-proxy', confidence: 'strong' });
  });

  it('may have errors behind it, as Run Command appends them', () => {
    expect(verdictOf(`${said(web)}\n----------ERROR-------\nsh: 1: noise`).verdict).toBe('no-proxy');
  });

  it.each<readonly [what: string, text: () => string, reason: string]>([
    ['nothing', () => ' \n', 'printed nothing'],
    ['an output that is cut', () => said(web).slice(0, 60), 'cut'],
    ['an output that is cut within its end', () => said(web).slice(0, -3), 'cut'],
    ['one that Run Command marked as cut', () => `${said(web).slice(0, 80)}---Output truncated---`, 'cut'],
    ['a text that is not compressed', () => 'elb-proxy 1 python3 aGVsbG8= end\n', 'damaged'],
    [
      'a compressed text whose checksum is wrong',
      () => `elb-proxy 1 python3 ${damaged(packed(web))} end\n`,
      'damaged',
    ],
    ['two outputs', () => said(web) + said(web), 'cut, or is not'],
    ['JSON', () => '{"verdict":"requires-proxy"}', "not this probe's output"],
    ['another version', () => said(web, 'python3', '2'), 'a different version'],
    ['an unknown engine', () => said(web, 'perl'), "not this probe's output"],
    ['no interpreter', () => said('\n', 'none'), 'neither Python nor a bash'],
    ['no address of its own', () => said('\n'), 'does not have the address'],
    ['another address', () => said(web.replace('@ 10.0.0.5', '@ 10.0.0.6')), 'another address'],
    ['an exchange that was not asked for', () => said(`${web}\n99 open 1 0 0 1 -1 - -`), 'not asked'],
    ['an exchange twice', () => said(`${web}\n13 open 1 0 0 1 -1 - -`), 'not asked'],
    ['nine exchanges', () => said(`@ 10.0.0.5\n${nine}`), 'more than was asked'],
    ['more bytes than it counts', () => said(web.replace('open 3 15', 'open 3 5')), 'add up'],
    ['a number that is none', () => said(web.replace('1 open 1000', '1 open -5')), 'add up'],
    ['a port that is none', () => said(web.replace('40000', '99999')), 'add up'],
    ['an end that is none', () => said(web.replace('1 open', '1 won')), 'add up'],
    ['half a byte', () => said(web.replace('4b- -', '4- -')), 'add up'],
    ['an engine that failed', () => said('@ 10.0.0.5\n1 error'), 'failed there'],
    ['a bomb', () => said('\n'.repeat(50_000_000)), 'damaged'],
  ])('gives no verdict: %s', (_, text, reason) => {
    const result = verdictOf(text());
    expect(result).toMatchObject({ verdict: 'inconclusive', evidence: [] });
    expect(result.reason).toContain(reason);
  });

  it('never passes its bytes on as they are', () => {
    const evil = '\u001b]0;x\u0007\u001b[2J';
    const result = verdictOf(
      said(
        web.replace(hex('HTTP/1.1 200 OK'), hex(`HTTP/1.1 200 ${evil}`)).replace('open 3 15', 'open 3 99'),
      ),
    );
    expect(JSON.stringify(result)).not.toContain('\\u001b');
    expect(verdictOf(`elb-proxy 1 ${evil} x end\n`).reason).not.toContain('\u001b');
  });

  it('is never more than inconclusive where it is anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, inner) => {
        expect(verdictOf(text).verdict).toBe('inconclusive');
        expect(verdictOf(said(inner)).verdict).toBe('inconclusive');
        expect(verdictOf(said(`@ 10.0.0.5\n${inner}`)).verdict).toBe('inconclusive');
      }),
    );
  });

  it('is never misread where a byte of it is another', () => {
    const whole = said(web);
    fc.assert(
      fc.property(fc.nat(whole.length - 2), fc.integer({ min: 32, max: 126 }), (index, byte) => {
        const other = whole.slice(0, index) + String.fromCharCode(byte) + whole.slice(index + 1);
        const { verdict } = verdictOf(other);
        // Base64 has bits that mean nothing, and gzip's header unused fields.
        expect(['no-proxy', 'inconclusive']).toContain(verdict);
      }),
    );
  });
});

const nine = Array.from({ length: 9 }, (_, index) => `${index + 1} open 1 0 0 1 -1 - -`).join('\n');

function damaged(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  bytes[bytes.length - 6] = (bytes.at(-6) ?? 0) ^ 0xff;
  return bytes.toString('base64');
}

describe('an answer that did not come back whole', () => {
  const long = 'ERROR what is this\r\n'.repeat(20);
  const cut = (prefix: string) => `${hex(long.slice(0, 64)).slice(0, 128)} ${prefix}`.trim();
  it('makes a comparison of bytes weaker, and says so', () => {
    const text = said(
      [
        '@ 10.0.0.5',
        '1 open 1000 0 0 40000 -1 - -',
        `12 open 3 400 0 40001 -1 ${cut('-')}`,
        `13 open 3 400 0 40002 -1 ${cut('-')}`,
        `18 fin 3 0 0 40003 -1 - -`,
      ].join('\n'),
    );
    const result = verdictOf(text);
    if (result.verdict === 'inconclusive') return;
    expect(result.confidence).toBe('weak');
    expect(result.notes.join()).toContain('beginnings');
  });
});
