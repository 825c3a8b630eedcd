/**
 * `verify backend` over 3,000 targets that answer: http servers, each a port of one process, that take no PROXY line, and
 * that require one. Beside it, as the floor, a client that makes the same number of connections, 32 at once, with one
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

/** How many connections are busy at once. */
const concurrency = 32;

/** What each kind of server is asked; as it comes, each connection waits a second first for a greeting that never comes. */
const kinds = [
  { kind: 'plain', verdict: 'no-proxy', asked: [['--app', 'http'], []] },
  { kind: 'required', verdict: 'requires-proxy', asked: [['--app', 'http']] },
];

/** Measures; gives each row's targets a second, connections a target, and the share of the floor's. */
export async function run({ targets = 3_000, rounds = 5 } = {}) {
  const rows = [];
  for (const { kind, verdict, asked } of kinds) {
    const server = child('server', kind, targets);
    try {
      const ports = await firstWords(server, JSON.parse);
      const connections = asked.map(() => 0);
      const own = (args, row) => () => {
        const started = performance.now();
        const results = verify(ports, args);
        const seconds = (performance.now() - started) / 1000;
        const wrong = results.find((result) => result.verdict !== verdict);
        if (wrong !== undefined) throw new Error(`${wrong.target} is ${wrong.verdict}: ${wrong.reason}`);
        connections[row] = results.reduce((sum, { evidence }) => sum + evidence.length, 0) / targets;
        return targets / seconds;
      };
      const floor = (row) => async () => {
        const client = child('client', connections[row]);
        client.stdin.end(JSON.stringify(ports));
        return Number(await firstWords(client));
      };
      const measured = await inTurn(
        asked.flatMap((args, row) => [
          { name: args.join(' '), measure: own(args, row) },
          { name: 'bare', measure: floor(row) },
        ]),
        rounds,
      );
      for (const [row, args] of asked.entries()) {
        const [rate, bare] = measured.slice(2 * row);
        rows.push({
          name: `${verdict}, ${args.length === 0 ? 'as it comes' : args.join(' ')}`,
          connections: connections[row],
          own: rate,
          floor: bare,
          ofFloor: ratio(rate, bare),
          ofFirst: row === 0 ? undefined : ratio(rate, measured[0]),
        });
      }
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
    ['', 'connections each', 'elb-proxy, start included', 'bare connections', '× bare', '× --app http'],
    rows.map((row) => [
      row.name,
      row.connections,
      range(row.own),
      range(row.floor),
      figure(row.ofFloor),
      figure(row.ofFirst),
    ]),
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

/** So many connections to each port, as many at once as are busy in `verify backend`; says how many ports in a second. */
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
