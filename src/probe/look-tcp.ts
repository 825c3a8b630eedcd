import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { failureWords } from './failure-words.js';
import type { Look } from './look-http.js';

/** Milliseconds that a connection must stay open: a load balancer accepts before it knows what the backend does. */
const stayMs = 1000;

/** Passes when a connection is taken, and stays open for a second or brings bytes. Blind to what the backend thinks of them. */
export const lookTcp: Look = ({ address, port }, timeoutMs) =>
  looking(connect({ host: address, port }), timeoutMs, (socket, resolve) => {
    socket.once('connect', () => {
      const stayed = setTimeout(
        () => resolve({ passed: true, seen: `connection stayed open for ${stayMs} ms` }),
        stayMs,
      );
      socket.once('close', () => clearTimeout(stayed));
    });
    socket.once('data', () => resolve({ passed: true, seen: 'connection brought bytes' }));
  });

/** Passes when a TLS handshake completes; the certificate is not checked. */
export const lookTls: Look = ({ host, address, port }, timeoutMs) => {
  const socket = connectTls({
    host: address,
    port,
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  return looking(socket, timeoutMs, (_socket, resolve) => {
    socket.once('secureConnect', () =>
      resolve({ passed: true, seen: `${socket.getProtocol() ?? 'TLS'} handshake` }),
    );
  });
};

function looking(
  socket: Socket,
  timeoutMs: number,
  watch: (socket: Socket, resolve: (seen: Awaited<ReturnType<Look>>) => void) => void,
): ReturnType<Look> {
  return new Promise<Awaited<ReturnType<Look>>>((resolve) => {
    const late = setTimeout(() => resolve({ passed: false, seen: 'no answer in time' }), timeoutMs);
    socket.once('error', (error) =>
      resolve({ passed: false, seen: failureWords(error, { plain: 'http:/ or tcp' }) }),
    );
    socket.once('close', () => {
      clearTimeout(late);
      resolve({ passed: false, seen: 'connection closed without an answer' });
    });
    watch(socket, resolve);
  }).finally(() => socket.destroy());
}
