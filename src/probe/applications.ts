import type { ProbeSettings } from './settings.js';

/** The facts from which the bytes of a probe are made. */
export interface Speaking {
  readonly settings: ProbeSettings;
  /** `host:port`. */
  readonly target: string;
}

/** Something that a probe can say to an application. */
interface Application {
  /** To follow "a valid PROXY line, then". */
  readonly words: string;
  /** The bytes in the clear. */
  readonly bytes: (speaking: Speaking) => Uint8Array;
  /** Whether to wait as for a greeting: applications do not answer these. */
  readonly bare?: true;
}

const nothing = Buffer.alloc(0);

/** Everything that can follow the lead. Another protocol is one more entry here, and its rows in the procedure. */
export const applications = {
  none: { words: '', bytes: () => nothing, bare: true },
  http: {
    words: 'an HTTP request',
    // The zone of an IPv6 address is this machine's own affair.
    bytes: ({ settings: { httpPath = '/', httpHost }, target }) =>
      httpRequest(httpPath, httpHost ?? target.replace(/%[^\]]+/, '')),
  },
  /** A handshake, so nothing that could be written beforehand. */
  tls: { words: 'a TLS ClientHello', bytes: () => nothing },
  send: { words: 'the bytes of --send', bytes: ({ settings }) => settings.send ?? nothing },
  /** A line of the PROXY line's length, which only the carrier knows. */
  word: { words: 'a line without meaning', bytes: () => nothing, bare: true },
  byte: { words: 'a single byte', bytes: () => Buffer.from('H'), bare: true },
} as const satisfies Readonly<Record<string, Application>>;

/** The second part of a probe. */
export type Payload = keyof typeof applications;

/** A payload's entry. */
export function applicationOf(payload: Payload): Application {
  return applications[payload];
}

/** A request that ends its connection; the caller has made sure that path and host hold no line break. */
export function httpRequest(path: string, host: string): Buffer {
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: elb-proxy\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
}
