import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { readInto } from '../../src/local/data-plane/read-into.js';

const megabytes = 24;

it('many connections at once, to readers quick and slow, deliver every byte as it was sent', async () => {
  const server = createServer((socket) => {
    // Bytes of each connection's own, so that a mix-up shows.
    const id = socket.remotePort ?? 0;
    const hash = createHash('sha256');
    let left = megabytes * 16;
    const more = (): void => {
      while (left > 0) {
        left -= 1;
        const chunk = Buffer.alloc(65_536, (id + left) % 251);
        hash.update(chunk);
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
      sums.set(id, hash.digest('hex'));
      socket.end();
    };
    more();
  });
  const sums = new Map<number, string>();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const one = async (slow: boolean): Promise<void> => {
    const hash = createHash('sha256');
    const receiver = createServer();
    await new Promise<void>((resolve) => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    // Lets much wait, so that a buffer that was used again too early would show.
    const options = {
      host: '127.0.0.1',
      port: (receiver.address() as AddressInfo).port,
      highWaterMark: 4 << 20,
    };
    const other = connect(options);
    const [received] = (await once(receiver, 'connection')) as [Socket];
    const backend = connect({ host: '127.0.0.1', port, onread: readInto(other) });
    other.on('drain', () => backend.resume());
    backend.on('end', () => other.end());
    await once(backend, 'connect');
    const id = backend.localPort ?? 0;
    for await (const chunk of received) {
      hash.update(chunk as Buffer);
      if (slow) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    receiver.close();
    expect(hash.digest('hex')).toBe(sums.get(id));
  };
  await Promise.all([one(false), one(true), one(false), one(true), one(true)]);
  server.close();
});
