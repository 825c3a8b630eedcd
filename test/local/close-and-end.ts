import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { startLocal } from '../../src/local/index.js';

// Carries traffic, closes everything of its own, and must end then: nothing calls process.exit.
async function run(): Promise<void> {
  const backend = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(
    0,
    '127.0.0.1',
  );
  await once(backend, 'listening');
  const { port: instancePort } = backend.address() as AddressInfo;
  const listener = (protocol: string, loadBalancerPort: number) => ({
    protocol,
    loadBalancerPort,
    instancePort,
    sslCertificateId: 'arn:aws:iam::123456789012:server-certificate/web',
  });
  const first = 10_000 + Math.floor(Math.random() * 20_000);
  const local = await startLocal({
    port: 0,
    seed: {
      loadBalancers: [
        {
          name: 'web',
          listeners: ['TCP', 'SSL', 'HTTP', 'HTTPS'].map((protocol, n) => listener(protocol, first + n)),
          instances: ['i-0123456789abcdef0'],
        },
        // Nobody answers there: checks and connections hang or fail.
        {
          name: 'lost',
          listeners: [listener('TCP', first + 4)],
          instances: ['i-0123456789abcdef1'],
          healthCheck: { target: `HTTP:${instancePort}/` },
        },
      ],
    },
  });
  const addresses = local.openPorts().flatMap((one) => one.addresses.slice(0, 1));
  const clients = addresses.map((address) => {
    const [host = '', port] = address.split(':');
    return connect(Number(port), host).on('error', () => undefined);
  });
  await Promise.all(clients.map((client) => once(client, 'connect')));
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const client of clients) client.write('hello');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const started = performance.now();
  await local.close();
  process.stdout.write(`${JSON.stringify({ open: addresses.length, ms: performance.now() - started })}\n`);
  backend.close();
}

run().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
