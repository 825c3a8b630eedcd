import { once } from 'node:events';
import net from 'node:net';
import { threadId } from 'node:worker_threads';

/**
 * Where this worker's ports begin. They lie below those that the system assigns on request (from 32768 on
 * Linux, 49152 elsewhere), and each worker has its own: what is free here is still free when a program binds it later.
 */
const perWorker = 600;
const first = 10_000 + ((Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % 36) * perWorker;
let taken = (process.pid + threadId * 97) % perWorker;

/** A port of 127.0.0.1 that nothing uses, and that nothing else is given while the tests run. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < perWorker; attempt++) {
    const port = first + (taken++ % perWorker);
    if (await canBind(port)) return port;
  }
  throw new Error(`all ports from ${first} to ${first + perWorker - 1} are in use`);
}

/** Several such ports, by name. */
export async function freePorts<Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const ports = {} as Record<Name, number>;
  for (const name of names) ports[name] = await freePort();
  return ports;
}

async function canBind(port: number): Promise<boolean> {
  const server = net.createServer();
  server.listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
