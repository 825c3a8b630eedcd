import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

/** A ClientHello as Node.js begins with, for who can send bytes and speaks no TLS. */
export function clientHello(serverName: string | undefined): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        resolve(chunk);
        done();
      },
    });
    connect({
      socket: wire,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      // Without the kilobyte of a key exchange that later versions of Node.js offer first.
      ecdhCurve: 'X25519:P-256:P-384',
      ...(serverName === undefined ? {} : { servername: serverName }),
    }).on('error', () => undefined);
  });
}
