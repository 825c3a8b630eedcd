import { rename, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { type Guarded, startGuarded } from '../helpers/guarded.js';
import { startRelay } from '../helpers/relay.js';

const names = fileURLToPath(new URL('../helpers/names.cjs', import.meta.url));
const name = 'web-1.elb.example';
const quick = ['--guard-window', '2s', '--yes', '-o', 'json'];

interface Check {
  readonly phase: string;
  readonly probe: string;
  readonly target: string;
  readonly passed: boolean;
  readonly seen: string;
}

/** A second node of the load balancer, at an address of its own: passes connections on while it is well. */
async function node(web: Guarded, address: string, isWell: () => boolean): Promise<AsyncDisposable> {
  const [first] = web.service.local.loadBalancers();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    if (!isWell()) return void socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');
    const onward = connect({ host: first?.dnsName ?? '', port: web.listenerPort });
    onward.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(web.listenerPort, address, resolve);
  });
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The service with a load balancer that is known by a name, and that name's addresses, which can be changed. */
async function named(web: Guarded) {
  const address = web.service.local.loadBalancers()[0]?.dnsName ?? '';
  const relay = await startRelay(web.service.endpoint, async ({ action, parameters }) => {
    if (action !== 'DescribeLoadBalancers') return 'pass';
    const answer = await fetch(web.service.endpoint, { method: 'POST', body: parameters });
    return { status: answer.status, body: (await answer.text()).replaceAll(address, name) };
  });
  const file = join(await temporaryDirectory(), 'names.json');
  return {
    address,
    relay,
    // At once: a run that read half a file would know no address.
    leadsTo: async (...addresses: readonly string[]) => {
      await writeFile(`${file}.new`, JSON.stringify({ [name]: addresses }));
      await rename(`${file}.new`, file);
    },
    options: { endpoint: relay.endpoint, env: { NODE_OPTIONS: `--require=${names}`, NAMES_FILE: file } },
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}

const hold = ['--guard-hold', '2s'];

const enable = (web: Guarded, ...guards: readonly string[]) => [
  'enable',
  'web',
  '--port',
  String(web.port),
  ...guards.flatMap((guard) => ['--guard', guard]),
  ...quick,
];

describe.concurrent('a load balancer with two addresses', () => {
  it('is put back if one fails after the change, and that one is named', async () => {
    await using web = await startGuarded('accepts');
    await using place = await named(web);
    await using _second = await node(web, '127.77.0.2', () => !web.isOn());
    await place.leadsTo(place.address, '127.77.0.2');
    const ran = await elbProxy([...enable(web, 'http:/'), ...hold], place.options);
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report.error.message).toContain(`the guard http:/ at 127.77.0.2:${web.listenerPort} did not pass`);
    const checks: readonly Check[] = report.guard.checks;
    const of = (phase: string, address: string) =>
      checks.filter((check) => check.phase === phase && check.target.startsWith(`${address}:`));
    expect(of('baseline', place.address)).toMatchObject([{ passed: true }]);
    expect(of('baseline', '127.77.0.2')).toMatchObject([{ passed: true }]);
    expect(of('after', place.address).every(({ passed }) => passed)).toBe(true);
    expect(of('after', '127.77.0.2').length).toBeGreaterThanOrEqual(2);
    expect(of('restored', '127.77.0.2').at(-1)).toMatchObject({ passed: true });
    expect(web.isOn()).toBe(false);
  });

  it('is left alone if one fails before', async () => {
    await using web = await startGuarded('accepts');
    await using place = await named(web);
    await using _second = await node(web, '127.77.0.2', () => false);
    await place.leadsTo(place.address, '127.77.0.2');
    const ran = await elbProxy([...enable(web, 'http:/'), ...hold], place.options);
    expect(ran.code).toBe(3);
    expect(ran.json().error.message).toContain(`127.77.0.2:${web.listenerPort}`);
    expect(place.relay.writes()).toEqual([]);
  });

  it('is looked at twice or more at each, and passes where both do', async () => {
    await using web = await startGuarded('accepts');
    await using place = await named(web);
    await using _second = await node(web, '127.77.0.2', () => true);
    await place.leadsTo(place.address, '127.77.0.2');
    const ran = await elbProxy([...enable(web, 'http:/', 'tcp'), '--guard-hold', '0s'], place.options);
    expect(ran.code).toBe(0);
    const checks: readonly Check[] = ran.json().guard.checks;
    for (const probe of ['http:/', 'tcp'])
      for (const address of [place.address, '127.77.0.2']) {
        const looks = checks.filter(
          (check) =>
            check.phase === 'after' && check.probe === probe && check.target.startsWith(`${address}:`),
        );
        expect(looks.length).toBeGreaterThanOrEqual(2);
      }
  });
});

describe.concurrent('a name that changes during the hold', () => {
  it('is followed: an address that joins and fails has the change taken back', async () => {
    await using web = await startGuarded('accepts');
    await using place = await named(web);
    await using _second = await node(web, '127.77.0.3', () => false);
    await place.leadsTo(place.address);
    // It ends as soon as the address is seen to fail.
    const running = elbProxy([...enable(web, 'http:/'), '--guard-hold', '40s'], place.options);
    await web.once('on');
    await place.leadsTo(place.address, '127.77.0.3');
    const ran = await running;
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report.error.message).toContain(`at 127.77.0.3:${web.listenerPort}`);
    expect(report.guard.notes).toMatchObject([
      { probe: 'http:/', message: `127.77.0.3 joined ${name}, and is watched from now on` },
    ]);
    expect(ran.stderr).toContain('127.77.0.3 joined');
    expect(web.isOn()).toBe(false);
  });

  it('and leads nowhere for a while, is said, and the known addresses are still watched', async () => {
    await using web = await startGuarded('accepts');
    await using place = await named(web);
    await place.leadsTo(place.address);
    const running = elbProxy([...enable(web, 'http:/'), ...hold], place.options);
    await web.once('on');
    await place.leadsTo();
    const ran = await running;
    expect(ran.code).toBe(0);
    expect(ran.json().guard.notes).toMatchObject([
      { message: expect.stringContaining('has no address; the known addresses') },
    ]);
  });

  it('writes nothing if it leads nowhere before', async () => {
    await using web = await startGuarded('accepts');
    await using place = await named(web);
    await place.leadsTo();
    const ran = await elbProxy([...enable(web, 'http:/'), ...hold], place.options);
    expect(ran.code).toBe(3);
    expect(ran.json().error.message).toContain(`the name ${name} has no address`);
    expect(place.relay.writes()).toEqual([]);
  });
});

describe.concurrent('several guards', () => {
  it("all have to hold: one that fails takes the change back, and the report has each one's looks", async () => {
    await using web = await startGuarded('plain');
    const ran = await elbProxy([...enable(web, 'tcp', 'http:/', 'health'), ...hold], web.service);
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report.guard.probes).toEqual(['tcp', 'http:/', 'health']);
    expect(report.error.message).toContain('the guard http:/ at');
    for (const probe of report.guard.probes)
      for (const phase of ['baseline', 'after', 'restored'])
        expect(
          report.guard.checks.filter((check: Check) => check.probe === probe && check.phase === phase),
          `${probe} ${phase}`,
        ).not.toEqual([]);
    expect(web.isOn()).toBe(false);
  });

  it('before the change: one that does not pass leaves everything as it is', async () => {
    await using web = await startGuarded('accepts');
    await using relay = await startRelay(web.service.endpoint);
    const ran = await elbProxy(enable(web, 'http:/', 'ws:/'), relay);
    expect(ran.code).toBe(3);
    expect(ran.json().error.message).toContain('the guard ws:/ at');
    expect(relay.writes()).toEqual([]);
  });
});
