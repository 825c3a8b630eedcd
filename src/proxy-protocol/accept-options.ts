import type { Socket } from 'node:net';
import { type DecodeOptions, decodeRules } from './decode-options.js';
import type { AbsentHeader, InvalidHeader } from './decoded.js';
import { privateAddresses, trustedPeers } from './trusted-peers.js';

/** Why a connection was closed before the server saw it. */
export interface Refusal {
  /**
   * - `untrusted`: the peer is not in `trusted`
   * - `absent`: application data came first
   * - `invalid`: the header breaks the grammar
   * - `timeout`: the header was not there in time
   * - `incomplete`: the peer closed in the middle of the header
   * - `empty`: the peer closed without a byte, as a plain TCP health check does, or was gone before it was accepted
   */
  readonly code: 'untrusted' | 'absent' | 'invalid' | 'timeout' | 'incomplete' | 'empty';
  /** The same in words, with the field and the offset if there are some; never bytes from the network. */
  readonly reason: string;
  /** The peer itself, so the load balancer, not the client. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  /** The decoder's answer, for `absent` and `invalid`. */
  readonly answer?: AbsentHeader | InvalidHeader;
}

/** How `acceptProxyProtocol` treats connections. */
export interface AcceptOptions {
  /**
   * `required`, the default: a connection without a valid header is closed. `optional`: one that begins otherwise is
   * served as it is, with its real address; a header that is begun must still be valid. A client can then choose, so
   * `optional` is for the time of a change-over only.
   */
  readonly mode?: 'required' | 'optional';
  /**
   * Addresses and CIDR blocks of peers whose header is believed. From any other peer a connection is closed in the mode
   * `required`, and left untouched in the mode `optional`. Default: the private ranges of a VPC (10.0.0.0/8,
   * 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16, fc00::/7) and loopback. Better name the load balancer's subnets.
   * Peers of a server that listens on a path are trusted: the permissions of the path guard it.
   */
  readonly trusted?: readonly string[];
  /** Milliseconds from the connection to its whole header. Default 5000; the specification wants at least 3000. */
  readonly timeoutMs?: number;
  /** Called after a connection was closed before the server saw it. The socket is destroyed. */
  readonly onRefused?: (refusal: Refusal, socket: Socket) => void;
  /** The choices that the specification leaves to the receiver. */
  readonly decode?: DecodeOptions;
}

/** `AcceptOptions`, checked, with the defaults filled in. */
export interface AcceptRules {
  readonly required: boolean;
  readonly isTrusted: (address: string) => boolean;
  readonly timeoutMs: number;
  readonly onRefused: (refusal: Refusal, socket: Socket) => void;
  readonly decode: DecodeOptions;
}

/** Timers hold no more. */
const longestTimeoutMs = 0x7fff_ffff;

/** @throws TypeError that names the option and the value that is wrong. */
export function acceptRules(options: AcceptOptions): AcceptRules {
  const {
    mode = 'required',
    trusted = privateAddresses,
    timeoutMs = 5000,
    onRefused = () => {},
    decode = {},
  } = options;
  if (mode !== 'required' && mode !== 'optional') {
    throw new TypeError(`mode must be 'required' or 'optional', not ${JSON.stringify(mode)}`);
  }
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= longestTimeoutMs)) {
    throw new TypeError(`timeoutMs must be a number from 1 to ${longestTimeoutMs}, not ${String(timeoutMs)}`);
  }
  if (typeof onRefused !== 'function') throw new TypeError('onRefused must be a function');
  decodeRules(decode);
  return { required: mode === 'required', isTrusted: trustedPeers(trusted), timeoutMs, onRefused, decode };
}
