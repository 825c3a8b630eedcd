/**
 * Our decoder beside the PROXY parsers on npm, in one process: nanoseconds a header, and how many of the graded sample
 * each gets right. `run()` measures; started by itself, this file prints the tables.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SocketAddress } from 'node:net';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const ownModule = new URL('../../dist/proxy-protocol/index.js', import.meta.url).href;

/** Headers of one row differ, as those of real clients do, so that no parser is measured on a constant. */
const variants = 64;

function headers(codec) {
  const pick = (make) => Array.from({ length: variants }, (_, index) => make(index));
  const v4 = (index) => ({
    source: { address: `192.0.2.${index + 10}`, port: 51000 + index },
    destination: { address: '198.51.100.20', port: 443 },
  });
  const v6 = (index) => ({
    source: { address: `2001:db8:85a3:${(index + 16).toString(16)}::370:7334`, port: 51000 + index },
    destination: { address: '2001:db8:1f18:2551:8900::20', port: 443 },
  });
  // What a Network Load Balancer sends for a VPC endpoint: its id, then padding up to 100 bytes.
  const endpointId = Buffer.from('\x01vpce-08d2bf15fac5001c9', 'latin1');
  const tlvs = [
    { type: 0xea, value: endpointId },
    { type: 0x04, value: new Uint8Array(100 - 28 - 3 - endpointId.length - 3) },
  ];
  return [
    { name: 'v1 TCP4', version: 1, inputs: pick((index) => codec.encodeV1(v4(index))) },
    { name: 'v1 TCP6', version: 1, inputs: pick((index) => codec.encodeV1(v6(index))) },
    { name: 'v2 TCP4', version: 2, inputs: pick((index) => codec.encodeV2(v4(index))) },
    { name: 'v2 TCP6', version: 2, inputs: pick((index) => codec.encodeV2(v6(index))) },
    { name: 'v2 TCP4 + TLVs', version: 2, inputs: pick((index) => codec.encodeV2({ ...v4(index), tlvs })) },
    {
      name: 'v2 TCP4 + TLVs + CRC32c',
      version: 2,
      inputs: pick((index) => codec.encodeV2({ ...v4(index), tlvs, crc32c: true })),
    },
  ];
}

/** Each parser as a function from bytes to `{ source, destination, consumed? }`; it throws or answers null to refuse. */
function parsers(codec) {
  const js = require('proxy-protocol-js');
  const balena = require('@balena/proxy-protocol-parser');
  const findhit = require('findhit-proxywrap/lib/proxy-protocol.regexp.js');
  const prefix = Buffer.from('PROXY');
  return [
    { name: 'elb-proxy', parse: () => codec.decode, read: readOwn },
    {
      name: 'proxy-protocol-js',
      // For version 2 it hands the addresses out as numbers, which is less than what the others do.
      isLess: (version) => version === 2,
      // Its string API is the faster one for version 1, the conversion included.
      parse: (version) =>
        version === 1
          ? (bytes) => js.V1ProxyProtocol.parse(bytes.toString('latin1'))
          : (bytes) => js.V2ProxyProtocol.parse(bytes),
      versionOf: (bytes) => (bytes.subarray(0, 5).equals(prefix) ? 1 : 2),
      read: readProxyProtocolJs,
    },
    {
      name: 'proxy-protocol-js, addresses as text',
      parse: (version) => (version === 1 ? undefined : parseToText(js.V2ProxyProtocol)),
      sampleless: true,
    },
    {
      name: '@balena/proxy-protocol-parser',
      parse: () => (bytes) => balena.decode(bytes, true),
      read: readBalena,
    },
    {
      name: 'findhit-proxywrap',
      // The steps of its socket listener, without the socket.
      parse: (version) =>
        version === 1
          ? (bytes) => {
              const text = bytes.toString('ascii');
              const line = text.slice(0, text.indexOf('\r'));
              if (!findhit.test(line)) throw new Error('PROXY protocol malformed header');
              const fields = line.split(' ');
              return {
                source: { address: fields[2], port: Number.parseInt(fields[4], 10) },
                destination: { address: fields[3], port: Number.parseInt(fields[5], 10) },
                consumed: line.length + 2,
              };
            }
          : undefined,
      read: (found) => found,
    },
    {
      name: 'hand loop, no check',
      parse: (version) => (version === 1 ? handLoopV1 : handLoopV2),
      floor: true,
    },
  ];
}

/** Version 2 of proxy-protocol-js and what its caller has to add. */
function parseToText(parser) {
  return (bytes) => {
    const { proxyAddress } = parser.parse(bytes);
    const { sourceAddress, sourcePort, destinationAddress, destinationPort } = proxyAddress;
    return {
      source: { address: addressText(sourceAddress.address), port: sourcePort },
      destination: { address: addressText(destinationAddress.address), port: destinationPort },
    };
  };
}

function addressText(numbers) {
  return numbers.length === 4 ? numbers.join('.') : hexadecimal(numbers, 0);
}

function handLoopV1(bytes) {
  const spaces = [];
  let end = 0;
  for (; bytes[end] !== 13; end += 1) if (bytes[end] === 32) spaces.push(end);
  const [, first, second, third, fourth] = spaces;
  return {
    source: { address: bytes.latin1Slice(first + 1, second), port: digits(bytes, third + 1, fourth) },
    destination: { address: bytes.latin1Slice(second + 1, third), port: digits(bytes, fourth + 1, end) },
    consumed: end + 2,
  };
}

function digits(bytes, from, to) {
  let value = 0;
  for (let index = from; index < to; index += 1) value = value * 10 + bytes[index] - 48;
  return value;
}

function handLoopV2(bytes) {
  const consumed = 16 + ((bytes[14] << 8) | bytes[15]);
  if (bytes[13] >> 4 === 2) {
    return {
      source: { address: hexadecimal(bytes, 16), port: (bytes[48] << 8) | bytes[49] },
      destination: { address: hexadecimal(bytes, 32), port: (bytes[50] << 8) | bytes[51] },
      consumed,
    };
  }
  return {
    source: {
      address: `${bytes[16]}.${bytes[17]}.${bytes[18]}.${bytes[19]}`,
      port: (bytes[24] << 8) | bytes[25],
    },
    destination: {
      address: `${bytes[20]}.${bytes[21]}.${bytes[22]}.${bytes[23]}`,
      port: (bytes[26] << 8) | bytes[27],
    },
    consumed,
  };
}

function hexadecimal(bytes, at) {
  let text = '';
  for (let index = 0; index < 16; index += 2) {
    text += (index > 0 ? ':' : '') + ((bytes[at + index] << 8) | bytes[at + index + 1]).toString(16);
  }
  return text;
}

function readOwn(found) {
  return found.kind === 'valid' ? found : null;
}

function readProxyProtocolJs(found, bytes) {
  if (found.inetProtocol !== undefined) {
    const consumed = bytes.length - Buffer.byteLength(found.data ?? '', 'latin1');
    if (found.inetProtocol === 'UNKNOWN' && !found.source) return { consumed };
    const end = (peer) => ({ address: peer.ipAddress, port: peer.port });
    return { source: end(found.source), destination: end(found.destination), consumed };
  }
  const consumed = bytes.length - (found.data?.length ?? 0);
  const addresses = found.proxyAddress;
  if (found.command === 0 || addresses?.sourceAddress === undefined) return { consumed };
  const end = (address, port) => ({ address: address.toString(), port });
  return {
    source: end(addresses.sourceAddress, addresses.sourcePort),
    destination: end(addresses.destinationAddress, addresses.destinationPort),
    consumed,
  };
}

function readBalena(found) {
  if (found === null || found.remoteAddress === undefined) return found;
  return {
    source: { address: found.remoteAddress, port: found.remotePort },
    destination: { address: found.localAddress, port: found.localPort },
  };
}

function canonical(address) {
  try {
    return new SocketAddress({ address, family: address.includes(':') ? 'ipv6' : 'ipv4' }).address;
  } catch {
    return address;
  }
}

/** Whether a parser takes what is graded valid, with the right values, and refuses everything else. */
function isRight(parser, vector) {
  const bytes = Buffer.from(vector.hex, 'hex');
  let found = null;
  try {
    const parse = parser.parse(parser.versionOf?.(bytes) ?? (bytes[0] === 0x0d ? 2 : 1));
    const answer = parse?.(bytes);
    found = answer ? parser.read(answer, bytes) : null;
  } catch {
    // Refused.
  }
  if (vector.expect !== 'valid') return found === null;
  if (found === null) return false;
  const same = (end, graded) =>
    graded === undefined
      ? end === undefined
      : end !== undefined &&
        canonical(end.address) === canonical(graded.canonical) &&
        end.port === graded.port;
  return (
    same(found.source, vector.source) &&
    same(found.destination, vector.destination) &&
    (found.consumed === undefined || found.consumed === vector.consumed)
  );
}

let sink = 0;

/** Nanoseconds of processor time a header, its garbage included, over a batch of about `milliseconds`. */
function time(parse, inputs, milliseconds) {
  let count = 0;
  const start = process.cpuUsage();
  let spent = 0;
  while (spent < milliseconds * 1000) {
    for (let repeat = 0; repeat < 8; repeat += 1) {
      for (const input of inputs) if (parse(input) !== null) sink += 1;
    }
    count += 8 * inputs.length;
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  }
  return (spent * 1000) / count;
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * Measures every parser on every row, interleaved, so that a busy moment hits all of them alike.
 *
 * @returns rows `{ name, cells: [{ parser, nanoseconds, low, high }], ratio, fastest, overHandLoop }`: medians with
 *   quartiles; `ratio` is how many times faster ours is than the fastest library that hands out addresses as text,
 *   `overHandLoop` our time as a multiple of the loop that checks nothing. And `correctness`: `{ parser, right, of }` on the graded sample.
 */
export async function run({ module = ownModule, rounds = 15, milliseconds = 40 } = {}) {
  const codec = await import(module);
  const all = parsers(codec);
  const jobs = headers(codec).flatMap(({ name, version, inputs }) =>
    all.flatMap((parser) => {
      const parse = parser.parse(version);
      const isLess = parser.floor === true || parser.isLess?.(version) === true;
      return parse === undefined ? [] : [{ row: name, parser, isLess, parse, inputs, times: [] }];
    }),
  );
  for (const job of jobs) time(job.parse, job.inputs, milliseconds);
  for (let round = 0; round < rounds; round += 1) {
    for (const job of jobs) job.times.push(time(job.parse, job.inputs, milliseconds));
  }

  const rows = [...new Set(jobs.map((job) => job.row))].map((name) => {
    const cells = jobs
      .filter((job) => job.row === name)
      .map(({ parser, isLess, times }) => {
        const sorted = times.toSorted((one, other) => one - other);
        return {
          parser: parser.name,
          floor: parser.floor === true,
          isLess,
          nanoseconds: quantile(sorted, 0.5),
          low: quantile(sorted, 0.25),
          high: quantile(sorted, 0.75),
        };
      });
    const [own] = cells;
    const libraries = cells.slice(1).filter((cell) => !cell.isLess);
    const fastest = libraries.reduce((one, other) => (other.nanoseconds < one.nanoseconds ? other : one));
    const floor = cells.find((cell) => cell.floor);
    return {
      name,
      cells,
      fastest: fastest.parser,
      ratio: fastest.nanoseconds / own.nanoseconds,
      overHandLoop: own.nanoseconds / floor.nanoseconds,
    };
  });

  const sample = JSON.parse(readFileSync(new URL('../proxy-protocol/vectors.json', import.meta.url), 'utf8'));
  const correctness = all
    .filter((parser) => parser.floor !== true && parser.sampleless !== true)
    .map((parser) => ({
      parser: parser.name,
      right: sample.filter((vector) => isRight(parser, vector)).length,
      of: sample.length,
    }));
  return { rows, correctness };
}

/** The tables as Markdown. */
export function format({ rows, correctness }) {
  const names = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.parser)))];
  const right = (name) => {
    const entry = correctness.find((one) => one.parser === name);
    return entry === undefined ? '-' : `${entry.right}/${entry.of}`;
  };
  const cell = (row, name) => {
    const found = row.cells.find((one) => one.parser === name);
    return found === undefined
      ? '-'
      : `${found.nanoseconds.toFixed(0)} (${found.low.toFixed(0)}–${found.high.toFixed(0)})`;
  };
  return [
    `| ns a header, median (quartiles) | ${names.join(' | ')} | faster than the fastest library | of the hand loop's time |`,
    `| --- |${' ---: |'.repeat(names.length + 2)}`,
    ...rows.map(
      (row) =>
        `| ${row.name} | ${names.map((name) => cell(row, name)).join(' | ')} | ${row.ratio.toFixed(2)} × | ${row.overHandLoop.toFixed(2)} × |`,
    ),
    `| right on the graded sample | ${names.map(right).join(' | ')} | | |`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(format(await run(process.argv[2] === undefined ? {} : { module: process.argv[2] })));
  if (sink < 0) console.log(sink);
}
