import type { Socket } from 'node:net';

/** A socket that knows the one its bytes go to. */
interface Relayed extends Socket {
  other: Relayed;
}

// Every connection passes here, so the listeners below are shared by all and find their counterpart in a
// property: a closure for each would cost more than the rest of the work.

function onData(this: Relayed, chunk: Buffer): void {
  if (!this.other.write(chunk)) this.pause();
}

function onDrain(this: Relayed): void {
  this.other.resume();
}

function onEnd(this: Relayed): void {
  this.other.end();
}

function onTimeout(this: Relayed): void {
  this.destroy();
  this.other.destroy();
}

function onError(this: Relayed, error: NodeJS.ErrnoException): void {
  const { other } = this;
  const reset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
  // Node resets bare TCP sockets only; behind TLS the missing close_notify says that this is not a proper end.
  if (reset && !other.connecting && !('encrypted' in other)) other.resetAndDestroy();
  else other.destroy();
}

function onClose(this: Relayed): void {
  if (!this.readableEnded || !this.writableFinished) this.other.destroy();
}

function follow(socket: Relayed, other: Relayed, idleMs: number): void {
  socket.other = other;
  socket
    .on('data', onData)
    .on('drain', onDrain)
    .on('end', onEnd)
    .on('timeout', onTimeout)
    .on('error', onError)
    .on('close', onClose)
    .setTimeout(idleMs);
}

/**
 * Passes bytes both ways between two sockets, of which one may still be connecting: back-pressure and
 * half-close as they come, a reset as a reset. After `idleMs` milliseconds without a byte both are closed.
 * Both sockets must allow half-open connections.
 */
export function relay(client: Socket, backend: Socket, idleMs: number): void {
  follow(client as Relayed, backend as Relayed, idleMs);
  follow(backend as Relayed, client as Relayed, idleMs);
}
