import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { bothKindsAt } from '../helpers/network-service.js';
import { balanceNetwork } from '../local/elbv2/network-traffic.js';
import { until } from '../local/traffic.js';

const greeting = '"IMPLEMENTATION" "elb-proxy"\r\nOK\r\n';

/** ManageSieve, as far as its greeting; with the header required, that comes behind it. */
async function greeter(required: boolean, port = 0): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.write(greeting);
  });
  if (required) acceptProxyProtocol(server, { trusted: ['127.0.0.0/8'] });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

it('a server that speaks first hangs behind a Network Load Balancer that sends the header, and the plan named it', async () => {
  let server = await greeter(false);
  const { port } = server.address() as AddressInfo;
  await using edge = await balanceNetwork({
    groups: [{ port, healthCheck: { protocol: 'TCP' } }],
    listener: { port: 4190 },
  });
  const greeted = await edge.dial();
  await until(() => greeted.text() === greeting);
  greeted.socket.destroy();

  const options = bothKindsAt(edge.local, await temporaryDirectory());
  const enable = ['enable', 'edge', '--target-group', 'group-0'];
  const plan = (await elbProxyHere([...enable, '--dry-run', '-o', 'json'], options)).json();
  expect(plan.changes[0].hazards).toContainEqual(
    expect.objectContaining({
      code: 'speaks-first',
      level: 'warning',
      message: expect.stringContaining('ManageSieve (listener TCP 4190)'),
    }),
  );

  await new Promise((resolve) => server.close(resolve));
  server = await greeter(true, port);
  expect((await elbProxyHere([...enable, '--yes'], options)).code).toBe(0);
  const hanging = await edge.dial();
  await delay(500);
  expect(hanging.text()).toBe('');
  // Both wait for each other until the client says something.
  hanging.socket.write('NOOP\r\n');
  await until(() => hanging.text() === greeting);
  hanging.socket.destroy();
  server.close();
});

it('one on a port of no known protocol is named where the probes saw it speak', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.write('hello, who is there?\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using edge = await balanceNetwork({
    groups: [{ port, targetType: 'ip', targets: ['127.0.0.1'], healthCheck: { protocol: 'TCP' } }],
    listener: { port: 9025 },
  });
  const options = bothKindsAt(edge.local, await temporaryDirectory());
  const enable = ['enable', 'edge', '--target-group', 'group-0', '--dry-run', '-o', 'json'];
  const codesOf = async (...more: readonly string[]) =>
    (await elbProxyHere([...enable, ...more], options)).json().changes[0].hazards as {
      code: string;
      message: string;
    }[];
  expect((await codesOf()).map(({ code }) => code)).not.toContain('speaks-first');
  expect(await codesOf('--verify-backends')).toContainEqual(
    expect.objectContaining({
      code: 'speaks-first',
      message: expect.stringContaining('was seen to speak first'),
    }),
  );
  server.close();
});
