/** The link types that are understood, by their LINKTYPE_ number: https://www.tcpdump.org/linktypes.html */
const names = {
  0: 'BSD loopback',
  1: 'Ethernet',
  12: 'raw IP',
  14: 'raw IP',
  101: 'raw IP',
  108: 'OpenBSD loopback',
  113: 'Linux cooked',
  228: 'raw IPv4',
  229: 'raw IPv6',
  276: 'Linux cooked, version 2',
} as const;

/** Names of others, for the message. */
const foreign: Readonly<Record<number, string>> = {
  6: 'Token Ring',
  8: 'SLIP',
  9: 'PPP',
  105: 'IEEE 802.11',
  119: 'IEEE 802.11 with a Prism header',
  127: 'IEEE 802.11 with radiotap',
  187: 'Bluetooth',
  189: 'USB',
  195: 'IEEE 802.15.4',
  201: 'Bluetooth',
  220: 'USB',
  227: 'CAN',
  239: 'NFLOG',
  249: 'USB',
  251: 'Bluetooth LE',
  253: 'Netlink',
};

type Known = keyof typeof names;

/** Whether packets of this link type can be read. */
export function isKnownLinkType(linkType: number): linkType is Known {
  return linkType in names;
}

/** `105 (IEEE 802.11)`. */
export function linkTypeName(linkType: number): string {
  const name = isKnownLinkType(linkType) ? names[linkType] : foreign[linkType];
  return name === undefined ? String(linkType) : `${linkType} (${name})`;
}

/** The readable link types, in words. */
export const knownLinkTypes = 'Ethernet, Linux cooked (tcpdump -i any), loopback and raw IP';

/** Where the IP header begins; negative if there is none: another protocol, or a truncated packet. */
export function networkLayerAt(bytes: Buffer, linkType: number): number {
  if (!isKnownLinkType(linkType)) return -1;
  switch (linkType) {
    case 1:
      return behindEtherType(bytes, 12);
    case 113:
      // The protocol is at the end of 16 bytes, where Ethernet's does.
      return behindEtherType(bytes, 14);
    case 276:
      return bytes.length >= 20 && isIp(bytes.readUInt16BE(0)) ? 20 : vlanInside(bytes);
    // AF_INET and AF_INET6 in the byte order of whichever machine it was: IP's own version says enough.
    case 0:
    case 108:
      return 4;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return 0;
  }
}

/** VLAN tags (802.1Q, 802.1ad, and what came before that) have four bytes each. */
const isVlan = (etherType: number): boolean =>
  etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100 || etherType === 0x9200;
const isIp = (etherType: number): boolean => etherType === 0x0800 || etherType === 0x86dd;

/** From an EtherType, over VLAN tags, to the IP header behind it. */
function behindEtherType(bytes: Buffer, from: number): number {
  for (let at = from; at + 2 <= bytes.length; at += 4) {
    const etherType = bytes.readUInt16BE(at);
    if (isIp(etherType)) return at + 2;
    if (!isVlan(etherType)) return -1;
  }
  return -1;
}

/** Version 2 has the outer EtherType in front: a tag's own bytes follow the 20 of the header. */
function vlanInside(bytes: Buffer): number {
  if (bytes.length < 24 || !isVlan(bytes.readUInt16BE(0))) return -1;
  return behindEtherType(bytes, 22);
}
