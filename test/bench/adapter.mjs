/**
 * An http server behind `acceptProxyProtocol` beside the bare one: requests a second over kept connections, and with a
 * connection for each request. Server and client are processes of their own; the client is the same but for the header
 * that it sends in front. findhit-proxywrap, from npm, is measured for comparison.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { figure, firstWords, inTurn, range, ratio, table } from './measure.mjs';

const self = fileURLToPath(import.meta.url);
const adapter = new URL('../../dist/proxy-protocol/index.js', import.meta.url).href;
const header = 'PROXY TCP4 192.0.2.10 198.51.100.20 51000 443\r\n';
const connections = 32;

const jobs = [
  { name: 'kept connections', job: 'kept', amount: 20_000 },
  { name: 'a connection each', job: 'each', amount: 6_000 },
];

/** Measures; gives each row's requests a second and the share of the bare server's. */
export async function run({ rounds = 11 } = {}) {
  const kinds = ['bare', 'elb-proxy', 'findhit-proxywrap'];
  const children = kinds.map((kind) => child('server', kind));
  try {
    const ports = await Promise.all(children.map((server) => firstWords(server)));
    const rows = [];
    for (const { name, job, amount } of jobs) {
      const measure = (index) => async () => {
        const client = child('client', ports[index], job, amount, index === 0 ? '' : header);
        return Number(await firstWords(client));
      };
      const cells = await inTurn(
        kinds.map((kind, index) => ({ name: kind, measure: measure(index) })),
        rounds,
      );
      const [bare, own, peer] = cells;
      rows.push({ name, cells, ofBare: ratio(own, bare), peerOfBare: ratio(peer, bare) });
    }
    return { rounds, rows };
  } finally {
    for (const one of children) one.kill();
    await Promise.all(children.map((one) => one.exitCode ?? one.signalCode ?? once(one, 'exit')));
  }
}

/** The table for people. */
export const format = ({ rounds, rows }) =>
  table(
    `An http server's requests a second, median (quartiles) of ${rounds} runs each in turn`,
    ['', 'bare', 'behind acceptProxyProtocol', '× bare', 'behind findhit-proxywrap', '× bare'],
    rows.map(({ name, cells: [bare, own, peer], ofBare, peerOfBare }) => [
      name,
      range(bare),
      range(own),
      figure(ofBare),
      range(peer),
      figure(peerOfBare),
    ]),
  );

const child = (...args) =>
  spawn(process.execPath, [self, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Answers each request in a few bytes, so that the most of its time is what the connection and the header cost. */
async function serve(kind) {
  const http = kind === 'findhit-proxywrap' ? proxywrap() : { createServer };
  const server = http.createServer((_request, response) => response.end('ok'));
  if (kind === 'elb-proxy') {
    const { acceptProxyProtocol } = await import(adapter);
    acceptProxyProtocol(server);
  }
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => console.log(server.address().port));
}

function proxywrap() {
  const require = createRequire(import.meta.url);
  return require('findhit-proxywrap').proxy(require('node:http'), { strict: true });
}

/** Makes so many requests, as many at once as there are connections, and says how many it made in a second. */
function visit([port, job, amount, prefix]) {
  const count = Number(amount);
  const kept = job === 'kept';
  const request = `GET / HTTP/1.1\r\nHost: bench\r\n${kept ? '' : 'Connection: close\r\n'}\r\n`;
  let begun = 0;
  let answered = 0;
  const started = performance.now();
  const open = () => {
    if (begun >= count) return;
    begun++;
    const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      text += data;
      // The whole answer: the body in one piece, or as its one chunk and the last.
      if (!text.endsWith('\r\nok') && !text.endsWith('0\r\n\r\n')) return;
      if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`the server answered ${text}`);
      text = '';
      if (++answered === count) {
        console.log(count / ((performance.now() - started) / 1000));
        process.exit();
      }
      if (!kept) return;
      if (begun >= count) socket.end();
      else {
        begun++;
        socket.write(request);
      }
    });
    if (!kept) socket.once('close', open);
    socket.write(prefix + request);
  };
  for (let n = 0; n < connections; n++) open();
}

if (process.argv[1] === self) {
  const [role, ...rest] = process.argv.slice(2);
  if (role === 'server') await serve(...rest);
  else visit(rest);
}
