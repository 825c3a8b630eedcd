import { once } from 'node:events';
import { WebSocket } from 'ws';
import { client } from './recipe.js';

/** The first message that a WebSocket server sends to a client at {@link client}. */
export async function askWebSocket(host: string, port: number, path = '/'): Promise<string> {
  const socket = new WebSocket(`ws://${host}:${port}${path}`, {
    localAddress: client,
    handshakeTimeout: 10_000,
  });
  const [message] = await once(socket, 'message');
  socket.close();
  return String(message);
}
