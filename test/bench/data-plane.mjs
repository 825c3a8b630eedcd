/**
 * The data planes of `elb-proxy local`, version 1 of a Classic load balancer and version 2 of a Network one, beside
 * HAProxy with `send-proxy`, each a process of its own, with the same backend and the same client in turn: connections a
 * second, bytes a second each way, and our memory over 100,000 connections.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin, figure, firstWords, haproxyVersion, inTurn, range, ratio, table } from './measure.mjs';

const self = fileURLToPath(import.meta.url);
const MiB = 1024 * 1024;
const streams = 4;

const rows = [
  { name: 'connections', job: 'connections', amount: 20_000, unit: 'connections/s' },
  { name: 'bytes to the client', job: 'download', amount: 512, unit: 'MB/s' },
  { name: 'bytes to the backend', job: 'upload', amount: 512, unit: 'MB/s' },
];

/** Measures; gives each row's medians, quartiles, our share of HAProxy's and version 2's of version 1, and our memory. */
export async function run({ rounds = 5, connections = 100_000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'elb-proxy-bench-'));
  const children = [];
  const start = (command, args, options = {}) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options });
    children.push(child);
    return child;
  };
  try {
    const backend = start(process.execPath, [self, 'backend']);
    const backendPort = Number(await firstWords(backend));
    const ports = { classic: 20_000 + (process.pid % 10_000), network: 10_000 + (process.pid % 10_000) };
    const own = async (kind) => {
      const path = seed(folder, kind, ports[kind], backendPort);
      const child = start(process.execPath, [bin, 'local', '--port', '0', '-o', 'json', '--seed', path]);
      const version = kind === 'classic' ? 1 : 2;
      return {
        name: `elb-proxy local, version ${version}`,
        pid: child.pid,
        ...openAt(await firstWords(child, JSON.parse)),
      };
    };
    const [classic, network] = [await own('classic'), await own('network')];
    const contenders = [{ name: 'direct', host: '127.0.0.1', port: backendPort }, classic, network];
    const haproxyPort = classic.port + 1;
    const haproxy = haproxyVersion();
    if (haproxy !== undefined) {
      start('haproxy', ['-f', haproxyConfiguration(folder, haproxyPort, backendPort), '-db', '-q']);
      contenders.push({ name: `HAProxy ${haproxy} send-proxy`, host: '127.0.0.1', port: haproxyPort });
    }
    for (const one of contenders) await ready(one);

    const results = [];
    for (const { name, job, amount, unit } of rows) {
      const spent = new Map(contenders.map((one) => [one, []]));
      const measured = contenders.map((one) => ({
        ...one,
        measure: async (round) => {
          const before = processorTime(one);
          const rate = await measure(one, job, amount);
          if (round >= 0) spent.get(one).push(processorTime(one) - before);
          return rate;
        },
      }));
      const cells = await inTurn(measured, rounds);
      const times = (one) => ({ values: spent.get(one) });
      results.push({
        name,
        unit,
        cells,
        ofPeer: ratio(cells[1], cells[3]),
        ofVersion1: ratio(cells[2], cells[1]),
        processorOfVersion1: process.platform === 'linux' ? ratio(times(network), times(classic)) : undefined,
      });
    }
    const memory = {
      classic: await memoryOver(connections, classic),
      network: await memoryOver(connections, network),
    };
    return { rounds, haproxy, rows: results, memory };
  } finally {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tables for people. */
export const format = ({ rounds, haproxy, rows: results, memory }) =>
  [
    table(
      `Data plane, median (quartiles) of ${rounds} runs each in turn`,
      [
        '',
        ...results[0].cells.map(({ name }) => name),
        'version 1 × HAProxy',
        'version 2 × version 1',
        'in processor time',
      ],
      results.map(({ name, unit, cells, ofPeer, ofVersion1, processorOfVersion1 }) => [
        `${name}, ${unit}`,
        ...cells.map((cell) => range(cell)),
        figure(ofPeer),
        figure(ofVersion1),
        figure(processorOfVersion1),
      ]),
    ),
    ...(haproxy === undefined
      ? ['  no column for HAProxy: it is not installed (apt-get install haproxy)']
      : []),
    ...(memory.classic.length === 0
      ? []
      : [
          table(
            'Memory of elb-proxy local, resident MB',
            ['after connections', 'version 1', 'version 2'],
            memory.classic.map((one, fifth) => [
              one.connections,
              one.residentMB.toFixed(0),
              memory.network[fifth].residentMB.toFixed(0),
            ]),
          ),
        ]),
  ].join('\n');

async function measure({ host, port }, job, amount) {
  const child = spawn(process.execPath, [self, 'client', host, String(port), job, String(amount)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const rate = Number(await firstWords(child));
  if (!(rate > 0)) throw new Error(`the client measured nothing at ${host}:${port}`);
  return rate;
}

/** The processor time that a process of ours has used, in hundredths of a second: a busy machine adds none to it. */
function processorTime({ pid }) {
  if (pid === undefined || process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** The resident memory after each fifth of so many connections. */
async function memoryOver(connections, contender) {
  if (process.platform !== 'linux') return [];
  const resident = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${contender.pid}/status`, 'utf8'))[1]) / 1024;
  const memory = [];
  for (let fifth = 1; fifth <= 5; fifth++) {
    await measure(contender, 'connections', connections / 5);
    memory.push({ connections: (connections / 5) * fifth, residentMB: resident() });
  }
  return memory;
}

function seed(folder, kind, port, instancePort) {
  const path = join(folder, `${kind}.json`);
  const instances = ['i-0123456789abcdef0'];
  const classic = {
    name: 'bench',
    listeners: [{ protocol: 'TCP', loadBalancerPort: port, instancePort }],
    policies: [
      {
        policyName: 'proxy',
        policyTypeName: 'ProxyProtocolPolicyType',
        attributes: { ProxyProtocol: 'true' },
      },
    ],
    backendPolicies: [{ instancePort, policyNames: ['proxy'] }],
    instances,
  };
  const group = {
    name: 'bench',
    protocol: 'TCP',
    port: instancePort,
    targets: instances,
    attributes: { 'proxy_protocol_v2.enabled': 'true' },
  };
  const network = { name: 'bench', listeners: [{ protocol: 'TCP', port, targetGroups: ['bench'] }] };
  const seeded =
    kind === 'classic'
      ? { loadBalancers: [classic] }
      : { elbv2: { targetGroups: [group], loadBalancers: [network] } };
  writeFileSync(path, JSON.stringify(seeded));
  return path;
}

function openAt({ listeners = [], networkListeners = [] }) {
  const [listener] = [...listeners, ...networkListeners];
  const [address] = listener.addresses;
  if (address === undefined) throw new Error('its port could not be opened');
  const [host, port] = address.split(':');
  return { host, port: Number(port) };
}

/** HAProxy as it is delivered; its number of threads is its own choice. */
function haproxyConfiguration(folder, port, backendPort) {
  const path = join(folder, 'haproxy.cfg');
  writeFileSync(
    path,
    `defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen bench
  bind 127.0.0.1:${port}
  server backend 127.0.0.1:${backendPort} send-proxy
`,
  );
  return path;
}

async function ready({ host, port }) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, host);
    const answer = await new Promise((resolve) => {
      socket
        .once('data', () => resolve(true))
        .once('close', () => resolve(false))
        .on('error', () => undefined);
      socket.write('GO!\n');
    });
    socket.destroy();
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing answers at ${host}:${port}`);
}

/** Does what the last line that it was sent says, whatever comes before that: `GO!`, `SEND n` or `TAKE`. */
function serveBackend() {
  const chunk = Buffer.alloc(MiB, 'x');
  const server = createServer({ noDelay: true, allowHalfOpen: true, highWaterMark: MiB }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const last = data.subarray(-16).toString('latin1');
      if (last.endsWith('GO!\n')) socket.end('ok');
      const [, count] = /SEND (\d+)\n$/.exec(last) ?? [];
      if (count !== undefined) send(socket, chunk, Number(count));
    });
    socket.on('end', () => socket.end());
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => console.log(server.address().port));
}

function send(socket, chunk, count) {
  let left = count;
  const more = () => {
    while (left-- > 0) if (!socket.write(chunk)) return socket.once('drain', more);
    return socket.end();
  };
  more();
}

/** Does a job and says how much of it went through in a second. */
function visit([host, port, job, amount]) {
  const buffer = Buffer.alloc(MiB);
  const chunk = Buffer.alloc(MiB, 'x');
  const count = Number(amount);
  const many = job === 'connections' ? count : streams;
  const each = count / streams;
  let begun = 0;
  let done = 0;
  let failed = 0;
  const started = performance.now();
  const next = () => {
    if (begun++ >= many) return;
    const onread = { buffer, callback: () => true };
    const socket = connect({ host, port: Number(port), noDelay: true, onread, highWaterMark: MiB });
    socket.on('error', () => failed++);
    if (job === 'connections') socket.write('GO!\n');
    else if (job === 'download') socket.write(`SEND ${each}\n`);
    else send(socket, chunk, each);
    socket.once('close', () => {
      if (++done < many) return next();
      const seconds = (performance.now() - started) / 1000;
      console.log(failed > 0 ? 0 : job === 'connections' ? many / seconds : (count * MiB) / 1e6 / seconds);
    });
  };
  for (let n = 0; n < (job === 'connections' ? 32 : streams); n++) next();
}

if (process.argv[1] === self) {
  const [role, ...rest] = process.argv.slice(2);
  if (role === 'backend') serveBackend();
  else visit(rest);
}
