import { setImmediate } from 'node:timers/promises';
import type { CaptureRead, NotJudged } from '../../core/verify-capture.js';
import { byteQueue } from './byte-queue.js';
import { type FollowOptions, followConnections } from './follow-connections.js';
import { isKnownLinkType, knownLinkTypes, linkTypeName } from './link-layer.js';
import { foreignLinkType } from './not-a-capture.js';
import { type CaptureSource, isUnreadable } from './open-capture.js';
import type { FileEnd, Packet } from './packet.js';
import { packetsOf } from './packets-of.js';

interface ReadOptions extends FollowOptions {
  /** Called when there are reports, or may be; resolves when there is room for more. Never rejects. */
  readonly room: () => Promise<void>;
}

/** A pause in a live capture after which what is known is said. */
const pauseMs = 1000;
/** At the end of a capture, before it is waited for room. */
const reportsAtOnce = 256;

/**
 * Reads a capture to its end, or until the signal stops it, and judges each connection to the ports as soon as its
 * first bytes are known. Holds no more than what is undecided.
 * @throws ElbProxyError `not-a-capture`, `capture-link-type`, `capture-unreadable`
 */
export async function readCapture(
  source: CaptureSource,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<CaptureRead> {
  let lacking = false;
  const onNotJudged = (connection: NotJudged): void => {
    if (connection.code === 'cut-packets') lacking = true;
    options.onNotJudged(connection);
  };
  const follower = followConnections({ ...options, onNotJudged });
  const links = linkTypes(source);
  const bytes = byteQueue();
  const reader = packetsOf(bytes, { name: source.name, onLinkType: links.described });
  let packets = 0;
  /** Takes what is there; gives how it ended, or undefined if more is needed. */
  const advance = (): FileEnd | undefined => {
    while (!signal.aborted) {
      const step = reader.next();
      if (step.done === true) return step.value;
      if (step.value === undefined) return undefined;
      packets += 1;
      if (links.readable(step.value)) follower.take(step.value);
    }
    return undefined;
  };
  let end: FileEnd | undefined;
  let heardAt = performance.now();
  const pauses = setInterval(() => {
    const silent = performance.now() - heardAt;
    if (!source.live || silent < pauseMs) return;
    follower.pause(follower.now() + silent);
    void options.room();
  }, pauseMs / 4);
  try {
    for await (const chunk of source.chunks(signal)) {
      heardAt = performance.now();
      bytes.add(chunk);
      end = advance();
      await options.room();
      if (end !== undefined || signal.aborted) break;
    }
  } catch (error) {
    // Verdicts may have been printed already: they are not taken back.
    if (packets === 0 || !isUnreadable(error)) throw error;
    end = { kind: 'damaged', at: bytes.position(), why: error.message };
  } finally {
    clearInterval(pauses);
  }
  if (end === undefined && !signal.aborted) {
    bytes.end();
    end = advance();
  }
  if (!signal.aborted) links.atEnd();
  let left = 0;
  for (const _ of follower.end()) {
    left += 1;
    if (left % reportsAtOnce !== 0) continue;
    await options.room();
    await setImmediate();
  }
  return {
    ended: end?.kind ?? 'stopped',
    packets,
    notes: [
      ...endNotes(end),
      ...links.notes(),
      ...snapNotes(follower.cutHeaders(), lacking ? follower.snapLength() : undefined),
    ],
    otherPorts: follower.otherPorts(),
  };
}

/** Which packets can be read; those that can't are counted. */
function linkTypes({ name, live }: CaptureSource) {
  const passedOver = new Map<number, number>();
  let known = 0;
  const refuse = (linkType: number): never => {
    throw foreignLinkType(name, linkTypeName(linkType), knownLinkTypes);
  };
  return {
    described: (linkType: number): void => {
      if (isKnownLinkType(linkType)) known += 1;
    },
    readable: ({ linkType }: Packet): boolean => {
      if (isKnownLinkType(linkType)) return true;
      // At the end of a file it is known whether another section has something to read; no one waits for that in a pipe.
      if (live && known === 0) refuse(linkType);
      passedOver.set(linkType, (passedOver.get(linkType) ?? 0) + 1);
      return false;
    },
    atEnd: (): void => {
      const [first] = passedOver.keys();
      if (known === 0 && first !== undefined) refuse(first);
    },
    notes: (): readonly string[] =>
      [...passedOver].map(
        ([linkType, count]) =>
          `${count} packet${count === 1 ? '' : 's'} of link type ${linkTypeName(linkType)} could not be read.`,
      ),
  };
}

function endNotes(end: FileEnd | undefined): readonly string[] {
  if (end?.kind === 'cut')
    return [`The capture ends inside a packet, at byte ${end.at}: judged up to there.`];
  if (end?.kind === 'damaged')
    return [`The capture is damaged at byte ${end.at} (${end.why}): judged up to there.`];
  return [];
}

function snapNotes(headers: number | undefined, data: number | undefined): readonly string[] {
  return [
    ...(headers === undefined ? [] : [snapWords(headers, 'headers')]),
    ...(data === undefined ? [] : [snapWords(data, 'first bytes')]),
  ];
}

function snapWords(length: number, what: string): string {
  return `Captured with a snap length of ${length} bytes, which cuts off ${what}: use tcpdump -s 0.`;
}
