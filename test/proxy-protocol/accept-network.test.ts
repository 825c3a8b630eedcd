import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { healthCheckHeader } from '../../src/local/elbv2/data-plane/proxy-header.js';
import {
  type AcceptedHeader,
  acceptProxyProtocol,
  encodeV2,
  type Tlv,
} from '../../src/proxy-protocol/index.js';

const tlv = (type: number, text: string): Tlv => ({ type, value: Buffer.from(text, 'latin1') });

describe('the adapter behind a Network Load Balancer', () => {
  /** What a server sees of a connection that begins with a header. */
  async function seen(header: Uint8Array) {
    const server = acceptProxyProtocol(createServer(), { trusted: ['127.0.0.0/8'] });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write(header);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const report: { header: AcceptedHeader | undefined; from: string; own: string } = {
      header: socket.proxyProtocol,
      from: `${socket.remoteAddress}:${socket.remotePort}`,
      own: `127.0.0.1:${client.localPort}`,
    };
    client.destroy();
    socket.destroy();
    server.close();
    return report;
  }

  it('names what the header carries', async () => {
    const { header, from } = await seen(
      encodeV2({
        source: { address: '10.1.2.3', port: 40_000 },
        destination: { address: '10.1.2.4', port: 443 },
        tlvs: [tlv(0xea, '\x01vpce-0123'), tlv(0x02, 'example.com')],
        crc32c: true,
      }),
    );
    expect(header).toMatchObject({ vpceEndpointId: 'vpce-0123', authority: 'example.com' });
    expect(header?.tlvs).toHaveLength(3);
    expect(header).not.toHaveProperty('ssl');
    expect(from).toBe('10.1.2.3:40000');
  });

  it('serves its health checks, whose sockets report the load balancer itself', async () => {
    const { header, from, own } = await seen(healthCheckHeader);
    expect(header).toMatchObject({ command: 'LOCAL', version: 2 });
    expect(from).toBe(own);
  });
});
