import type { NotJudged, NotJudgedCode, OtherPort } from '../../core/verify-capture.js';
import type { ConnectionReport } from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import { headerWaitMs, restWaitMs } from '../listen/judge-connection.js';
import {
  type Connection,
  isComplete,
  isSettled,
  newConnection,
  type Outcome,
  outcomeOf,
  takeBytes,
} from './connection.js';
import { connectionKey, endsOfKey } from './connection-key.js';
import { type AheadBudget, distance } from './first-bytes.js';
import type { Packet } from './packet.js';
import { recentlySeen } from './recently-seen.js';
import { ACK, FIN, RST, type Segment, SYN, segmentOf } from './segment.js';

/** The server ports to follow, and the callbacks for results. */
export interface FollowOptions {
  /** The servers' ports. */
  readonly ports: ReadonlySet<number>;
  readonly onConnection: (report: ConnectionReport) => void;
  readonly onNotJudged: (connection: NotJudged) => void;
}

interface ConnectionFollower {
  readonly take: (packet: Packet) => void;
  /** Nothing came for a while, up to this time: what is known is said. */
  readonly pause: (now: number) => void;
  /** Nothing more comes: says what is known of all that are left, one at each step. */
  readonly end: () => Generator<undefined, void, void>;
  /** The time of the newest packet. */
  readonly now: () => number;
  /** The longest part that was captured of a packet whose headers are cut; undefined if none is. */
  readonly cutHeaders: () => number | undefined;
  /** The same of packets whose first bytes are cut. */
  readonly snapLength: () => number | undefined;
  readonly otherPorts: () => readonly OtherPort[];
}

/** Limits of what is kept: connections that have sent nothing, those that have, bytes ahead of gaps, finished ones. */
const [openAtMost, withBytesAtMost, aheadAtMost, rememberedAtLeast] = [
  32_768, 16_384, 16_000_000, 100_000,
] as const;
/** Waits are looked at no more often than this, in the capture's time. */
const lookEveryMs = 50;
/** Stands for a connection that began before the capture: no sequence number is negative. */
const unknownStart = -1;
/** Data in the first packet, at most. */
const firstPacketAtMost = 65_535;

const reasons: Readonly<Record<Exclude<NotJudgedCode, 'cut-packets'>, string>> = {
  'began-before': 'it began before the capture',
  'bytes-missing': 'some of its first bytes are not in the capture',
  fragments: 'its first bytes arrived in IP fragments',
  'ended-early': 'the capture ends before its first bytes arrived completely',
  refused: 'it was refused: nothing listens there',
  unanswered: 'its handshake was not completed',
  'too-many': 'too many others were open at once',
};

/** A follower that has seen nothing yet. */
export function followConnections({ ports, onConnection, onNotJudged }: FollowOptions): ConnectionFollower {
  const open = new Map<string, Connection>();
  /** Those with bytes: incomplete headers, and headers that something may follow; the longest silent first. */
  const withBytes = { partial: new Set<Connection>(), resting: new Set<Connection>() };
  const done = recentlySeen(rememberedAtLeast);
  const budget: AheadBudget = { left: aheadAtMost };
  const elsewhere = new Map<number, number>();
  let now = 0;
  let looked = 0;
  let cutHeaders: number | undefined;
  let snapLength: number | undefined;

  const close = (connection: Connection, outcome: Outcome): void => {
    const { key, at } = connection;
    open.delete(key);
    withBytes.partial.delete(connection);
    withBytes.resting.delete(connection);
    connection.bytes?.stream.dispose();
    done.add(key, connection.initial);
    if ('report' in outcome) onConnection({ ...named(key, at), ...outcome.report });
    else notJudged(key, at, outcome.code);
  };
  const notJudged = (key: string, at: number, code: NotJudgedCode): void =>
    onNotJudged({
      ...named(key, at),
      code,
      reason:
        code === 'cut-packets'
          ? `it was captured with a snap length of ${snapLength} bytes, which cuts off its first bytes`
          : reasons[code],
    });

  const take = (packet: Packet): void => {
    now = packet.at;
    if (Math.abs(now - looked) >= lookEveryMs) {
      looked = now;
      expire(withBytes.resting, restWaitMs);
      expire(withBytes.partial, headerWaitMs);
    }
    const segment = segmentOf(packet);
    if (segment === 'cut') cutHeaders = Math.max(cutHeaders ?? 0, packet.bytes.length);
    if (typeof segment === 'string') return;
    const [from, to] = [ports.has(segment.sourcePort), ports.has(segment.destinationPort)];
    if (!from && !to) {
      if ((segment.flags & (SYN | ACK)) === SYN)
        elsewhere.set(segment.destinationPort, (elsewhere.get(segment.destinationPort) ?? 0) + 1);
      return;
    }
    const fromClient = from && to ? isFromClient(segment) : to;
    const key = connectionKey(segment, fromClient);
    const connection = connectionOf(key, segment, fromClient);
    if (connection === undefined) return;
    if (segment.captured < segment.dataLength) snapLength = Math.max(snapLength ?? 0, packet.bytes.length);
    if (!fromClient) takeFromServer(connection, segment);
    else if (!segment.fragment) takeFromClient(connection, segment);
    else close(connection, connection.known ? outcomeOf(connection, false, 0) : { code: 'fragments' });
  };

  /** If both ports are followed, it takes a handshake, or a connection that is known, to tell the ends apart. */
  const isFromClient = (segment: Segment): boolean => {
    if ((segment.flags & SYN) !== 0) return (segment.flags & ACK) === 0;
    if (open.has(connectionKey(segment, true))) return true;
    if (open.has(connectionKey(segment, false))) return false;
    return done.get(connectionKey(segment, false)) === undefined;
  };

  /** The connection of a segment, a new one where it begins; undefined if there is nothing to follow. */
  const connectionOf = (key: string, segment: Segment, fromClient: boolean): Connection | undefined => {
    const connection = open.get(key);
    if ((segment.flags & SYN) === 0 || segment.fragment) {
      if (connection !== undefined || (segment.flags & RST) !== 0) return connection;
      if (done.get(key) === undefined) {
        done.add(key, unknownStart);
        notJudged(key, now, segment.fragment ? 'fragments' : 'began-before');
      }
      return undefined;
    }
    // Only a client sends SYN alone, and only its server answers it.
    if (fromClient === ((segment.flags & ACK) !== 0)) return connection;
    const initial = fromClient ? segment.sequence : (segment.acknowledgement - 1) >>> 0;
    const isThatOf = (begun: number | undefined): boolean =>
      // An answer acknowledges what came with the first packet, too (TCP Fast Open).
      begun !== undefined &&
      begun !== unknownStart &&
      (fromClient ? begun === initial : isWithin(initial, begun));
    if (connection !== undefined && isThatOf(connection.initial)) return connection;
    if (connection === undefined && isThatOf(done.get(key))) return undefined;
    // The ports are used again, and the end of the connection before is not in the capture.
    if (connection !== undefined) close(connection, outcomeOf(connection, true, 0));
    done.forget(key);
    const begun = newConnection(key, initial, now);
    open.set(key, begun);
    if (open.size > openAtMost) giveUp(open.values().next().value);
    return begun;
  };

  const takeFromClient = (connection: Connection, segment: Segment): void => {
    connection.heard = true;
    const { flags, dataLength } = segment;
    if ((flags & (SYN | RST)) === 0) connection.accepted = true;
    const sequence = (segment.sequence + ((flags & SYN) === 0 ? 0 : 1)) >>> 0;
    if ((flags & RST) !== 0) {
      // Up to the bytes that it has sent, unless the number makes no sense.
      if (distance(sequence, connection.acknowledged) > 0) connection.acknowledged = sequence;
      return close(connection, outcomeOf(connection, true, 0));
    }
    takeBytes(connection, segment, sequence, now, budget);
    if ((flags & FIN) !== 0) connection.finAt = (sequence + dataLength) >>> 0;
    if (isComplete(connection)) return close(connection, outcomeOf(connection, true, 0));
    if (isSettled(connection)) return close(connection, outcomeOf(connection, false, 0));
    if (connection.bytes === undefined || dataLength === 0) return;
    withBytes.partial.delete(connection);
    withBytes.resting.delete(connection);
    withBytes[connection.known ? 'resting' : 'partial'].add(connection);
    if (withBytes.partial.size + withBytes.resting.size > withBytesAtMost)
      giveUp((withBytes.resting.size > 0 ? withBytes.resting : withBytes.partial).values().next().value);
  };

  const takeFromServer = (connection: Connection, { flags, acknowledgement }: Segment): void => {
    if ((flags & (SYN | ACK)) === (SYN | ACK)) connection.answered = true;
    if ((flags & ACK) !== 0 && distance(acknowledgement, connection.acknowledged) > 0)
      connection.acknowledged = acknowledgement;
    if ((flags & RST) === 0) return;
    const refused = !connection.answered && !connection.accepted;
    close(connection, refused ? { code: 'refused' } : outcomeOf(connection, true, 0));
  };

  const giveUp = (oldest: Connection | undefined): void => {
    if (oldest === undefined) return;
    const outcome = atEnd(oldest);
    close(oldest, 'code' in outcome && outcome.code === 'ended-early' ? { code: 'too-many' } : outcome);
  };

  const expire = (waiting: Set<Connection>, waitMs: number, until = now): void => {
    for (const connection of waiting) {
      if (until - connection.lastAt < waitMs) return;
      // Behind a hole, or acknowledged: the rest was sent, and may still come.
      const outcome = outcomeOf(connection, false, waitMs);
      if ('report' in outcome) close(connection, outcome);
      else waiting.delete(connection);
    }
  };

  /** The outcome of a connection when nothing more comes. */
  const atEnd = (connection: Connection): Outcome => {
    const waited = Math.floor(now - connection.lastAt);
    const outcome = outcomeOf(connection, false, waited);
    return 'report' in outcome && !connection.known && waited < headerWaitMs
      ? { code: 'ended-early' }
      : outcome;
  };

  return {
    take,
    pause: (until) => expire(withBytes.resting, restWaitMs, until),
    *end() {
      for (const connection of open.values()) {
        close(connection, atEnd(connection));
        yield undefined;
      }
    },
    now: () => now,
    cutHeaders: () => cutHeaders,
    snapLength: () => snapLength,
    otherPorts: () =>
      [...elsewhere]
        .map(([port, connections]) => ({ port, connections }))
        .sort((one, other) => other.connections - one.connections || one.port - other.port)
        .slice(0, 5),
  };
}

function isWithin(acknowledged: number, initial: number): boolean {
  const bytes = distance(acknowledged, initial);
  return bytes >= 0 && bytes <= firstPacketAtMost;
}

function named(key: string, at: number): Pick<NotJudged, 'at' | 'from' | 'to'> {
  const { remote, local } = endsOfKey(key);
  return {
    at: new Date(at).toISOString(),
    from: targetName({ host: remote.address, port: remote.port }),
    to: targetName({ host: local.address, port: local.port }),
  };
}
