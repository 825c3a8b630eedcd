import type { ConnectionReport } from '../../src/core/verify-connection.js';
import type { BackendResult } from '../../src/core/verify-result.js';
import { showBytes } from '../../src/probe/show-bytes.js';
import { backendDocument, type CaptureDocument, listenDocument } from '../../src/render/json/verify.js';

const bytes = (text: string) => showBytes(Buffer.from(text, 'latin1'));
const request =
  'GET / HTTP/1.1\r\nHost: 10.0.0.5:8443\r\nUser-Agent: elb-proxy\r\nAccept: */*\r\nConnection: close\r\n\r\n';
const line = 'PROXY TCP4 10.0.0.9 10.0.0.5 53412 8443\r\n';
const none = bytes('');

const requires: BackendResult = {
  target: '10.0.0.5:8443',
  address: '10.0.0.5',
  instanceId: 'i-0a1b2c3d4e5f60001',
  vantage: { kind: 'here' },
  verdict: 'requires-proxy',
  confidence: 'strong',
  seenFrom: '10.0.0.9',
  reason: 'it answered HTTP 503 behind a PROXY line, and closed the connection without one',
  advice:
    'Keep the PROXY policy on for this instance port. HTTP and HTTPS health checks carry no line and fail here: use a TCP check, or another port.',
  notes: ['HTTP 503 is the answer of a server in front: what is behind it may be down and was not tested.'],
  evidence: [
    { probe: 'plain+none', what: 'nothing', sent: none, received: none, ended: 'open', ms: 1001 },
    {
      probe: 'plain+http',
      what: 'an HTTP request',
      sent: bytes(request),
      received: none,
      ended: 'reset',
      ms: 3,
    },
    {
      probe: 'v1+http',
      what: 'a valid PROXY line, then an HTTP request',
      sent: bytes(line + request),
      received: bytes(
        'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 107\r\nCache-Control: no-cache\r\n',
      ),
      ended: 'open',
      ms: 12,
    },
    {
      probe: 'broken+http',
      what: 'a broken PROXY line, then an HTTP request',
      sent: bytes(`PROXY NONSENSE 1111111111111111111111111\r\n${request}`),
      received: none,
      ended: 'fin',
      ms: 2,
    },
  ],
};

const refuses: BackendResult = {
  target: 'app.internal:443',
  address: '10.0.0.7',
  vantage: { kind: 'here' },
  verdict: 'no-proxy',
  confidence: 'weak',
  seenFrom: '10.0.0.9',
  reason: 'a TLS handshake succeeded without a PROXY line, and not after one',
  advice: 'Keep the PROXY policy off for this instance port, or make the backend read the PROXY line first.',
  notes: [],
  evidence: [
    {
      probe: 'plain+tls',
      what: 'a TLS ClientHello',
      sent: bytes('\x16\x03\x01\x01\x38\x01'),
      received: bytes('\x16\x03\x03\x00\x7a\x02'),
      inside: { established: true, received: none },
      ended: 'fin',
      ms: 15,
    },
    {
      probe: 'tls+v1',
      what: 'a valid PROXY line inside TLS, then the request',
      sent: bytes('\x16\x03\x01\x01\x38\x01'),
      received: bytes('\x16\x03\x03\x00\x7a\x02'),
      inside: { established: true, received: bytes('\u001b[2Jhostile\r\n') },
      ended: 'reset',
      ms: 2345,
    },
  ],
};

const down = (target: string): BackendResult => ({
  target,
  address: '10.0.0.8',
  vantage: { kind: 'here' },
  verdict: 'inconclusive',
  confidence: 'strong',
  reason: 'the connection was refused: nothing listens there',
  advice: 'check that the backend is running, and that this is its instance port',
  notes: [],
  evidence: [{ probe: 'plain+none', what: 'nothing', sent: none, received: none, ended: 'refused', ms: 1 }],
});

/** Several backends, of every look. */
export const several = backendDocument(
  { results: [requires, refuses, down('10.0.0.8:80'), down('10.0.0.8:81')], notProbed: [] },
  false,
);

/** One backend. */
export const one = backendDocument({ results: [requires], notProbed: [] }, false);

/** Cut off. */
export const cutOff = backendDocument(
  {
    results: [refuses],
    notProbed: [
      { host: '::1', port: 80 },
      { host: 'a', port: 81 },
    ],
  },
  true,
);

const at = '2026-11-23T15:30:12.345Z';
const shown = (text: string) => {
  const { text: escaped, hex } = bytes(text);
  return { text: escaped, hex };
};
const addresses = {
  source: { address: '203.0.113.9', port: 51234 },
  destination: { address: '10.0.0.8', port: 443 },
};
const header = { version: 1, command: 'PROXY', family: 'TCP4', ...addresses } as const;
const from = '10.0.0.8:33612';

/** Connections of every look. */
export const connections: readonly ConnectionReport[] = [
  { at, from, verdict: 'proxy-v1', ...header, data: 'http', own: true, notes: [], ...shown(line + request) },
  { at, from, verdict: 'proxy-v1', ...header, healthCheck: true, notes: [], ...shown(line) },
  {
    at,
    from,
    verdict: 'proxy-v1',
    ...header,
    second: { ...header, source: { address: '198.51.100.1', port: 1024 } },
    pieces: 2,
    notes: [
      'The header came in 2 pieces: HAProxy, nginx and lighttpd would have refused it.',
      'A second header follows the first: something in front of the load balancer sends one too. The real client is in the second.',
    ],
    ...shown(line + line),
  },
  {
    at,
    from,
    verdict: 'proxy-v2',
    version: 2,
    command: 'LOCAL',
    family: 'UNSPEC',
    healthCheck: true,
    notes: ['Version 2: a Classic Load Balancer sends version 1, so this came from something else.'],
    ...shown('\r\n\r\n\0\r\nQUIT\n \0\0\0'),
  },
  { at, from, verdict: 'absent', data: 'tls-client-hello', notes: [], ...shown('\x16\x03\x01\x02\x00\x01') },
  { at, from, verdict: 'absent', data: 'other', notes: [], ...shown('\u001b[31mEHLO') },
  {
    at,
    from,
    verdict: 'malformed',
    field: 'source-address',
    reason: 'a number above 255',
    offset: 23,
    notes: [],
    ...shown('PROXY TCP4 203.0.113.999 10.0.0.8 51234 443\r\n'),
  },
  { at, from, verdict: 'empty', notes: [], ...shown('') },
  {
    at,
    from,
    verdict: 'empty',
    reason: 'no byte came within 3000 ms, and it was still open',
    notes: [],
    ...shown(''),
  },
];

const listening = { host: '127.0.0.1', port: 8443 };
const target = 'web-1234567890.us-east-1.elb.amazonaws.com:443';

/** What was heard, and how it ended. */
export const heard = {
  through: listenDocument({
    listening,
    ended: 'through',
    through: {
      target,
      outcome: 'arrived',
      attempts: 1,
      seenFrom: '192.168.1.20:51234',
      reason: 'it came out here',
      advice: '',
    },
    connections,
    omitted: 0,
  }),
  nothing: listenDocument({
    listening,
    ended: 'through',
    through: {
      target,
      outcome: 'nothing-arrived',
      attempts: 5,
      seenFrom: '192.168.1.20:51234',
      reason: `${target} accepted the connection, but nothing arrived here (5 attempts)`,
      advice: 'check that this machine is registered and InService, that the listener forwards to this port',
    },
    connections: connections.slice(4, 5),
    omitted: 0,
  }),
  elsewhere: listenDocument({
    listening,
    ended: 'through',
    through: {
      target,
      outcome: 'nothing-arrived',
      attempts: 5,
      seenFrom: '192.168.1.20:51234',
      reason: `${target} accepted the connection, but nothing arrived here (5 attempts)`,
      advice:
        'the load balancer sends to 10.0.0.5:8443, and this listened on 127.0.0.1:8443 only; listen there',
      next: 'elb-proxy verify listen --port 8443 --host 10.0.0.5 --load-balancer web',
    },
    connections: [],
    omitted: 0,
  }),
  timeout: listenDocument({ listening, ended: 'timeout', connections: [], omitted: 0 }),
  many: listenDocument({ listening, ended: 'interrupted', connections, omitted: 12 }),
} as const;

const capture = { formatVersion: 1, capture: 'web.pcap', ports: [8443], connections: [] } as const;
const ends = { at: '2026-11-23T15:30:12.345Z', to: '10.0.0.5:8443' } as const;

/** What captures held. */
export const captured: Readonly<Record<'mixed' | 'nothing' | 'elsewhere', CaptureDocument>> = {
  mixed: {
    ...capture,
    ports: [8443, 9443],
    connections,
    ended: 'cut',
    packets: 48_211,
    verdicts: { 'proxy-v1': 1203, absent: 2, empty: 40 },
    healthChecks: 400,
    notJudged: [
      { ...ends, from: '10.0.0.8:1', code: 'began-before', reason: 'it began before the capture' },
      { ...ends, from: '10.0.0.8:2', code: 'began-before', reason: 'it began before the capture' },
      { ...ends, from: '[fd00::8]:3', code: 'began-before', reason: 'it began before the capture' },
      { ...ends, from: '10.0.0.8:4', code: 'began-before', reason: 'it began before the capture' },
      {
        ...ends,
        from: '10.0.0.8:5',
        code: 'bytes-missing',
        reason: 'some of its first bytes are not in the capture',
      },
    ],
    notJudgedCounts: { 'began-before': 17, 'bytes-missing': 1 },
    notes: ['The capture ends inside a packet, at byte 5021133: judged up to there.'],
    otherPorts: [{ port: 22, connections: 1 }],
  },
  nothing: {
    ...capture,
    ended: 'timeout',
    packets: 0,
    verdicts: {},
    healthChecks: 0,
    notJudged: [],
    notJudgedCounts: {},
    notes: [],
    otherPorts: [],
  },
  elsewhere: {
    ...capture,
    capture: '-',
    ended: 'end',
    packets: 1,
    verdicts: {},
    healthChecks: 0,
    notJudged: [],
    notJudgedCounts: {},
    notes: ['Captured with a snap length of 40 bytes, which cuts headers off: use tcpdump -s 0.'],
    otherPorts: [
      { port: 443, connections: 12 },
      { port: 80, connections: 3 },
    ],
  },
};
