const decimals = Array.from({ length: 256 }, (_, number) => String(number));
const dottedDecimals = decimals.map((text) => `${text}.`);
const hexadecimals = Array.from({ length: 256 }, (_, number) => number.toString(16));
const paddedHexadecimals = hexadecimals.map((text) => text.padStart(2, '0'));

/** The four bytes from `at` on as an IPv4 address. */
export function formatIpv4(bytes: Uint8Array, at: number): string {
  return dotted(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

function dotted(a: number, b: number, c: number, d: number): string {
  return dottedDecimals[a]! + dottedDecimals[b]! + dottedDecimals[c]! + decimals[d]!;
}

/**
 * Eight groups as an IPv6 address in RFC 5952 form: lower case, no leading zeros, the first longest run of at least two
 * zero groups as a double colon, and `::ffff:192.0.2.1` for an IPv4-mapped address (its section 5), as Node prints it.
 */
export function formatIpv6(groups: Uint16Array): string {
  let longest = 1;
  let gap = -1;
  for (let index = 0, run = 0; index < 8; index += 1) {
    run = groups[index] === 0 ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      gap = index + 1 - run;
    }
  }
  if (gap < 0) return join(groups, 0, 8);
  if (gap === 0 && longest === 5 && groups[5] === 0xffff) {
    const high = groups[6]!;
    const low = groups[7]!;
    return '::ffff:' + dotted(high >> 8, high & 0xff, low >> 8, low & 0xff);
  }
  return join(groups, 0, gap) + '::' + join(groups, gap + longest, 8);
}

function join(groups: Uint16Array, from: number, to: number): string {
  if (from === to) return '';
  let text = hex(groups[from]!);
  for (let index = from + 1; index < to; index += 1) text += ':' + hex(groups[index]!);
  return text;
}

function hex(group: number): string {
  const high = group >> 8;
  return high === 0 ? hexadecimals[group]! : hexadecimals[high]! + paddedHexadecimals[group & 0xff]!;
}
