import { ElbProxyError } from '../../errors.js';

/** Files that are not captures, by their first bytes; and the way out. */
const others: readonly {
  readonly begins: string;
  readonly is: string;
  readonly hint: (name: string) => string;
}[] = [
  { begins: '1f8b', is: 'compressed (gzip)', hint: (name) => through(`gunzip -c ${name}`) },
  { begins: '28b52ffd', is: 'compressed (zstd)', hint: (name) => through(`zstd -dc ${name}`) },
  { begins: 'fd377a58', is: 'compressed (xz)', hint: (name) => through(`xz -dc ${name}`) },
  { begins: '425a68', is: 'compressed (bzip2)', hint: (name) => through(`bunzip2 -c ${name}`) },
  { begins: '504b0304', is: 'a ZIP archive', hint: (name) => through(`unzip -p ${name}`) },
  { begins: '736e6f6f70000000', is: 'a snoop capture', hint: converted },
  { begins: '474d4255', is: 'a Network Monitor capture', hint: converted },
];

const through = (command: string): string => `${command} | elb-proxy verify capture - --port N`;
const capture = 'make one with: tcpdump -s 0 -w FILE "tcp port N"';

function converted(name: string): string {
  return `tshark -r ${name} -w FILE makes a pcapng capture of it`;
}

/** The error for what can't be read as a capture, by the bytes that it begins with; all of them, where they are few. */
export function notACapture(name: string, first: Buffer): ElbProxyError {
  if (first.length === 0) return failed(`${name} is empty: it is not a capture`, emptyHint(name));
  const hex = first.toString('hex');
  const other = others.find(({ begins }) => hex.startsWith(begins));
  if (other !== undefined)
    return failed(`${name} is ${other.is}, not a pcap or pcapng capture`, other.hint(name));
  if (first.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13))
    return failed(
      `${name} is text, not a pcap or pcapng capture`,
      'tcpdump prints text unless it has -w: use tcpdump -s 0 -w FILE, or -w - for a pipe',
    );
  return failed(`${name} is not a pcap or pcapng capture: it begins with ${hex.slice(0, 16)}`, capture);
}

/** The error for a capture that says nothing beyond what it is. */
export function brokenHeader(name: string, why: string): ElbProxyError {
  return failed(`${name} is not a complete capture: ${why}`, capture);
}

/** The error for packets that were captured where no TCP can be found. */
export function foreignLinkType(name: string, linkType: string, known: string): ElbProxyError {
  return new ElbProxyError(`${name} has packets of link type ${linkType}, which can't be read here`, {
    code: 'capture-link-type',
    fault: 'user',
    hint: `capture on an interface of type ${known}`,
  });
}

function failed(message: string, hint: string): ElbProxyError {
  return new ElbProxyError(message, { code: 'not-a-capture', fault: 'user', hint });
}

function emptyHint(name: string): string {
  return name === standardInput
    ? 'check what tcpdump said: it needs root, and -w - to write to standard output'
    : capture;
}

/** The name of a piped capture in messages. */
export const standardInput = 'standard input';
