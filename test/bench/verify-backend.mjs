/**
 * `verify backend` over 1,000 targets that answer: http servers, each a port of one process, that take no PROXY line, and
 * that require one. Beside it, as the floor, a client that makes the same number of connections, as many at once, with one
 * write and no thought.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bin, environment, figure, firstWords, inTurn, range, ratio, table } from './measure.mjs';

const self = fileURLToPath(import.meta.url);
const adapter = new URL('../../dist/proxy-protocol/index.js', import.meta.url).href;

/** How many are under way at once where nobody says otherwise. */
const concurrency = 32;

const kinds = [
  { kind: 'plain', verdict: 'no-proxy', args: ['--app', 'http'], isGoal: true },
  { kind: 'required', verdict: 'requires-proxy', args: ['--app', 'http'], isGoal: true },
  // It waits a second for a greeting first, which an http server does not send.
  { kind: 'plain', verdict: 'no-proxy', args: ['--concurrency', '1000'] },
];

/** Measures; gives each row's targets a second, connections a target, and the share of the floor's. */
export async function run({ targets = 1_000, rounds = 7 } = {}) {
  const rows = [];
  for (const { kind, verdict, args, isGoal = false } of kinds) {
    const server = child('server', kind, targets);
    try {
      const ports = await firstWords(server, JSON.parse);
      let connections = 0;
      const own = () => {
        const started = performance.now();
        const results = verify(ports, args);
        const seconds = (performance.now() - started) / 1000;
        const wrong = results.find((result) => result.verdict !== verdict);
        if (wrong !== undefined) throw new Error(`${wrong.target} is ${wrong.verdict}: ${wrong.reason}`);
        connections = results.reduce((sum, { evidence }) => sum + evidence.length, 0);
        return targets / seconds;
      };
      const floor = async () => {
        const client = child('client', connections / targets);
        client.stdin.end(JSON.stringify(ports));
        return Number(await firstWords(client));
      };
      const [rate, bare] = await inTurn(
        [
          { name: 'elb-proxy', measure: own },
          { name: 'floor', measure: floor },
        ],
        rounds,
      );
      rows.push({
        name: `${verdict}, ${args.join(' ')}`,
        isGoal,
        connections: connections / targets,
        own: rate,
        floor: bare,
        ofFloor: ratio(rate, bare),
      });
    } finally {
      server.kill();
      await (server.exitCode ?? server.signalCode ?? once(server, 'exit'));
    }
  }
  return { targets, rounds, rows };
}

/** The table for people. */
export const format = ({ targets, rounds, rows }) =>
  table(
    `verify backend of ${targets} targets: targets a second, median (quartiles) of ${rounds} runs each in turn`,
    ['', 'connections each', 'elb-proxy, start included', 'bare connections', '× bare'],
    rows.map((row) => [row.name, row.connections, range(row.own), range(row.floor), figure(row.ofFloor)]),
  );

const child = (...args) =>
  spawn(process.execPath, [self, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });

function verify(ports, args) {
  const argv = ['verify', 'backend', ...args, '-o', 'json', ...ports.map((port) => `127.0.0.1:${port}`)];
  const text = execFileSync(process.execPath, [bin, ...argv], {
    env: environment(''),
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(text).results;
}

async function serve([kind, count]) {
  const { acceptProxyProtocol } = await import(adapter);
  const servers = Array.from({ length: Number(count) }, () =>
    createServer((_request, response) => response.end('ok')),
  );
  await Promise.all(
    servers.map(async (server) => {
      if (kind === 'required') acceptProxyProtocol(server);
      await once(server.listen(0, '127.0.0.1'), 'listening');
    }),
  );
  console.log(JSON.stringify(servers.map((server) => server.address().port)));
}

/** So many connections to each port, as many at once as `verify backend` has under way; says how many ports in a second. */
async function visit([times]) {
  const ports = await firstWords({ stdout: process.stdin }, JSON.parse);
  const visits = ports.flatMap((port) => Array.from({ length: Number(times) }, () => port));
  const started = performance.now();
  let done = 0;
  const next = () => {
    const port = visits.pop();
    if (port === undefined) return;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }).resume();
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n');
    socket.once('close', () => {
      if (++done === ports.length * Number(times))
        console.log(ports.length / ((performance.now() - started) / 1000));
      next();
    });
  };
  for (let n = 0; n < concurrency; n++) next();
}

if (process.argv[1] === self) {
  const [role, ...rest] = process.argv.slice(2);
  await (role === 'server' ? serve(rest) : visit(rest));
}
