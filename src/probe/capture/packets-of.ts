import type { ByteQueue } from './byte-queue.js';
import { brokenHeader, notACapture } from './not-a-capture.js';
import { awaitBytes, type PacketReader } from './packet.js';
import { isPcap, readPcap } from './read-pcap.js';
import { isPcapng, readPcapng } from './read-pcapng.js';

interface CaptureSight {
  /** Its name in messages. */
  readonly name: string;
  /** Hears of each link type before its first packet; it may throw. */
  readonly onLinkType: (linkType: number) => void;
}

/** How much of a file that is not a capture is looked at. */
const firstLook = 512;

/** Reads the packets of a capture in either form. @throws ElbProxyError `not-a-capture` */
export function* packetsOf(bytes: ByteQueue, { name, onLinkType }: CaptureSight): PacketReader {
  if (!(yield* awaitBytes(bytes, 4))) throw notACapture(name, firstOf(bytes));
  const magic = bytes.view(4).readUInt32BE(0);
  if (!isPcap(magic) && !isPcapng(magic)) throw notACapture(name, firstOf(bytes));
  const end = isPcap(magic)
    ? yield* readPcap(bytes, onLinkType)
    : yield* readPcapng(bytes, ({ linkType }) => onLinkType(linkType));
  if (end.kind === 'cut' && end.at === 0) throw brokenHeader(name, 'it ends inside its header');
  if (end.kind === 'damaged' && end.at === 0) throw brokenHeader(name, end.why);
  return end;
}

/** As many bytes of the beginning as are there. */
function firstOf(bytes: ByteQueue): Buffer {
  let length = firstLook;
  while (length > 0 && !bytes.has(length)) length -= 1;
  return bytes.view(length);
}
