import type {
  ApplicationData,
  ConnectionReport,
  ConnectionVerdict,
  HeaderReport,
  NamedEndpoint,
  ThroughReport,
} from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import type { ListenDocument } from '../json/verify.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { capital } from './capital.js';
import { counted } from './counted.js';
import { joinLines, paragraph } from './paragraph.js';

const words: Readonly<Record<ConnectionVerdict, string>> = {
  'proxy-v1': 'a valid PROXY line',
  'proxy-v2': 'a valid PROXY version 2 header',
  absent: 'no PROXY line: application data came first',
  malformed: 'a broken PROXY line',
  empty: 'nothing: it was closed without a byte, like a plain health check',
};

const dataWords: Readonly<Record<ApplicationData, string>> = {
  http: 'an HTTP request',
  'tls-client-hello': 'a TLS ClientHello',
  other: 'data of another protocol',
};

/** One connection: what came first, what it says, and what is strange about it. */
export function renderConnection(connection: ConnectionReport, style: Style): string {
  const shown = printable(connection);
  const { at, to, verdict, field, reason, offset, data, second, notes, text, hex } = shown;
  const { bold, dim } = style.colour;
  const paint = verdict === 'malformed' ? style.colour.yellow : bold;
  const followed = followedBy(shown);
  return joinLines([
    ...paragraph(`${bold(senderOf(shown))} sent ${paint(sentBy(shown))}`, style, { hanging: 2 }),
    // In a capture: when that was, and with which of the servers.
    ...(to === undefined ? [] : paragraph(`to ${to}, ${at}`, style, { indent: 2 }).map((line) => dim(line))),
    ...(verdict === 'malformed'
      ? paragraph(`${field}: ${reason}, at byte ${offset}`, style, { indent: 2, hanging: 2 })
      : []),
    ...headerLines(shown, style),
    ...(followed === undefined ? [] : paragraph(followed, style, { indent: 2 })),
    ...(second === undefined ? [] : ['  then a second header:', ...headerLines(second, style)]),
    ...notes.flatMap((note) => paragraph(`${symbols(style).note} ${note}`, style, { indent: 2, hanging: 2 })),
    ...(text === ''
      ? []
      : [
          ...paragraph(text, style, { indent: 2, hard: true }).map((line) => dim(line)),
          ...(verdict === 'malformed' || verdict === 'proxy-v2' || data === 'tls-client-hello'
            ? paragraph(hex, style, { indent: 2, hard: true }).map((line) => dim(line))
            : []),
        ]),
  ]);
}

/** The peer of a connection. */
export function senderOf({ from, own }: ConnectionReport): string {
  return own === true ? `${from} (our own)` : from;
}

/** The first bytes in words. */
export function sentBy({ verdict, reason }: ConnectionReport): string {
  return verdict === 'empty' && reason !== undefined ? `nothing: ${reason}` : words[verdict];
}

/** The data behind the header, or instead of it; undefined if there is none. */
export function followedBy({ verdict, data, healthCheck }: ConnectionReport): string | undefined {
  if (data !== undefined) return `${verdict === 'absent' ? 'it is' : 'then'} ${dataWords[data]}`;
  return healthCheck === true ? 'then nothing, and it describes the check itself: a health check' : undefined;
}

/** A header in words; undefined if there is no valid one. */
export function headerWords({
  version,
  command,
  family,
  source,
  destination,
}: Pick<ConnectionReport, keyof HeaderReport>): string | undefined {
  if (version === undefined) return undefined;
  const ends =
    source === undefined || destination === undefined
      ? 'no addresses'
      : `client ${named(source)}, load balancer ${named(destination)}`;
  return `version ${version}, ${command === 'LOCAL' ? 'LOCAL' : family}: ${ends}`;
}

function headerLines(header: Pick<ConnectionReport, keyof HeaderReport>, style: Style): readonly string[] {
  const said = headerWords(header);
  return said === undefined ? [] : paragraph(said, style, { indent: 2, hanging: 2 });
}

/** The lines under the connections: the connection through the load balancer, and the sum. */
export function renderListenClosing(document: ListenDocument, style: Style): string {
  const shown = printable(document);
  const { through, connections } = shown;
  const own = ownConnection(shown);
  const hello = helloMeanwhile(shown);
  return joinLines([
    ...(through === undefined ? [] : throughLines(through, own, style)),
    ...(hello === undefined ? [] : [...paragraph(hello, style), '']),
    ...paragraph(connectionSum(shown, connections), style),
  ]);
}

/** The connection that was made through the load balancer, if it came out here. */
export function ownConnection({ connections }: ListenDocument): ConnectionReport | undefined {
  return connections.find((connection) => connection.own === true);
}

/** A note if a connection may have been our own; undefined if nothing like it came. */
export function helloMeanwhile({ through, connections }: ListenDocument): string | undefined {
  return through?.outcome === 'nothing-arrived' && connections.some(({ data }) => data === 'tls-client-hello')
    ? 'But a TLS ClientHello came meanwhile: with an SSL instance protocol only a TLS server can say whose connection it is.'
    : undefined;
}

/** The number of connections, by verdict. */
export function connectionSum(
  { omitted, ended }: Pick<ListenDocument, 'omitted' | 'ended'>,
  connections: readonly ConnectionReport[],
): string {
  const verdicts = new Map<ConnectionVerdict, number>();
  for (const { verdict } of connections) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const sum = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const checks = connections.filter(({ healthCheck }) => healthCheck === true).length;
  return [
    connections.length === 0
      ? 'No connection arrived'
      : `${counted(connections.length, 'connection')}: ${sum}`,
    omitted === 0 ? '' : `, and ${omitted} more that were not kept`,
    checks === 0 ? '' : ` (${counted(checks, 'health check')} among them)`,
    ended === 'timeout' ? ', until the timeout' : '',
    '.',
  ].join('');
}

function throughLines(
  { target, outcome, reason, advice, next, seenFrom }: ThroughReport,
  own: ConnectionReport | undefined,
  style: Style,
): readonly string[] {
  const { bold, yellow } = style.colour;
  const arrow = symbols(style).arrow;
  if (outcome !== 'arrived' || own === undefined) {
    return [
      ...paragraph(yellow(`${reason}.`), style),
      // A command ends its line: a full stop would be copied with it.
      ...paragraph(`${arrow} ${capital(advice)}${next === undefined ? '.' : `: ${next}`}`, style, {
        indent: 2,
        hanging: 2,
      }),
      '',
    ];
  }
  const other = namesAnother(own, seenFrom);
  return [
    ...paragraph(`${bold(`Through ${target}:`)} ${arrivedWords(own)}${lookWords(next)}`, style, {
      hanging: 2,
    }),
    ...(other === undefined ? [] : paragraph(other, style, { indent: 2 })),
    '',
  ];
}

/** A note if our own connection's header names another client; undefined if it does not. */
export function namesAnother(
  { verdict, source }: ConnectionReport,
  seenFrom: string | undefined,
): string | undefined {
  const client = source === undefined ? undefined : named(source);
  return (verdict === 'proxy-v1' || verdict === 'proxy-v2') &&
    client !== undefined &&
    seenFrom !== undefined &&
    client !== seenFrom
    ? `It names ${client}, and we connected from ${seenFrom}: there is address translation or another proxy in between.`
    : undefined;
}

/** The finding of our own connection through the load balancer. */
export function arrivedWords({ verdict, sender }: ConnectionReport): string {
  if (verdict === 'proxy-v2' && sender === 'network-load-balancer')
    return 'the version 2 header is sent, and it is correct.';
  return outcomeWords[verdict];
}

/** The command that shows the setting, behind that finding; empty if there is none. */
function lookWords(next: string | undefined): string {
  return next === undefined ? '' : ` See whether it is on: ${next}`;
}

const outcomeWords: Readonly<Record<ConnectionVerdict, string>> = {
  'proxy-v1': 'the PROXY line is sent, and it is correct.',
  'proxy-v2':
    'a version 2 header is sent, but not as a Network Load Balancer sends it; a Classic one sends version 1.',
  absent: 'neither a PROXY line nor a header is sent.',
  malformed: 'what is sent is not a valid PROXY line.',
  empty: 'nothing is sent.',
};

/** `address:port`, an IPv6 address in brackets. */
function named({ address, port }: NamedEndpoint): string {
  return targetName({ host: address, port });
}
