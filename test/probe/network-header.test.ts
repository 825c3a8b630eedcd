import { describe, expect, it } from 'vitest';
import { isTraffic } from '../../src/core/verify-connection.js';
import { connectionHeader, healthCheckHeader } from '../../src/local/elbv2/data-plane/proxy-header.js';
import { judgeConnection } from '../../src/probe/listen/judge-connection.js';
import { encodeV2 } from '../../src/proxy-protocol/index.js';

const ends = {
  remote: { address: '10.0.0.8', port: 40_000 },
  local: { address: '10.0.0.5', port: 8443 },
};
const source = { address: '203.0.113.9', port: 51_234 };
const destination = { address: '10.0.0.8', port: 443 };
const request = 'GET / HTTP/1.1\r\n\r\n';

function judged(...chunks: (string | Uint8Array)[]) {
  const judge = judgeConnection(ends);
  for (const chunk of chunks) judge.push(Buffer.from(chunk as string, 'latin1'));
  return judge.report(true, 3000);
}

describe('a version 2 header is named', () => {
  it('a version 2 header is named as a Network Load Balancer’s by its checksum and padding', () => {
    const report = judged(connectionHeader(source, destination), request);
    expect(report).toMatchObject({ sender: 'network-load-balancer', source, destination, data: 'http' });
    expect(report).not.toHaveProperty('healthCheck');
    expect(report.notes).toEqual([
      'Version 2 with a checksum and padding, 100 bytes: as sent by a Network Load Balancer.',
    ]);
  });

  it.each([
    ['alone, as a TCP check sends it', []],
    ['before a request, as an HTTP check sends it', [request]],
  ])(
    'a version 2 header is named as its health check where it is LOCAL in the captured form, %s',
    (_sentence, behind) => {
      const report = judged(healthCheckHeader, ...behind);
      expect(report).toMatchObject({
        sender: 'network-load-balancer',
        healthCheck: true,
        command: 'LOCAL',
        notes: ['Version 2, LOCAL, 100 bytes with a checksum: a health check of a Network Load Balancer.'],
      });
      expect(isTraffic({ at: '', from: '', ...report })).toBe(false);
    },
  );

  it('a version 2 header is named with the endpoint of PrivateLink where the client came through one', () => {
    const tlvs = [
      { type: 0xea, value: Buffer.from('\x01vpce-08d2bf15fac5001c9', 'latin1') },
      { type: 0x04, value: Buffer.alloc(9) },
    ];
    const report = judged(encodeV2({ source, destination, tlvs, crc32c: true }), request);
    expect(report).toMatchObject({
      sender: 'network-load-balancer',
      vpceEndpointId: 'vpce-08d2bf15fac5001c9',
    });
    expect(report.notes[1]).toBe(
      'It came through the PrivateLink endpoint vpce-08d2bf15fac5001c9: only this distinguishes its clients from others.',
    );
  });

  it('a version 2 header is named as neither load balancer’s for certain where it has a checksum alone, and as no one’s without', () => {
    const checked = judged(encodeV2({ source, destination, crc32c: true }), request);
    expect(checked).not.toHaveProperty('sender');
    expect(checked.notes.join()).toMatch(/a Network Load Balancer sends one, and so may another proxy/);
    const bare = judged(encodeV2({ source, destination }), request);
    expect(bare).not.toHaveProperty('sender');
    expect(bare.notes.join()).toMatch(/came from something else/);
    expect(judged(encodeV2({ command: 'LOCAL' }))).not.toHaveProperty('sender');
  });

  it('a plain check of the newer load balancers is named for what it is', () => {
    const check = 'GET / HTTP/1.1\r\nUser-Agent: ELB-HealthChecker/2.0\r\n\r\n';
    expect(judged(check).notes.join()).toMatch(/^An HTTP health check without a header: of a Network/);
  });
});
