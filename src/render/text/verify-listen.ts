import { nextCommand } from '../../core/next-command.js';
import type {
  ApplicationData,
  ConnectionReport,
  ConnectionVerdict,
  HeaderReport,
  NamedEndpoint,
  ThroughReport,
} from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import type { ListenDocument } from '../json/verify-listen.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { counted } from './counted.js';
import { joinLines } from './join-lines.js';
import { paragraph } from './paragraph.js';

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
  const { at, from, to, verdict, field, reason, offset, data, healthCheck, own, second, notes, text, hex } =
    shown;
  const { bold, dim } = style.colour;
  const paint = verdict === 'malformed' ? style.colour.yellow : bold;
  const who = own === true ? `${from} (our own)` : from;
  const what = verdict === 'empty' && reason !== undefined ? `nothing: ${reason}` : words[verdict];
  const followed =
    data === undefined
      ? healthCheck === true
        ? 'nothing, and it describes the check itself: a health check'
        : undefined
      : dataWords[data];
  return joinLines([
    ...paragraph(`${bold(who)} sent ${paint(what)}`, style, { hanging: 2 }),
    // In a capture: when that was, and with which of the servers.
    ...(to === undefined ? [] : paragraph(`to ${to}, ${at}`, style, { indent: 2 }).map((line) => dim(line))),
    ...(verdict === 'malformed'
      ? paragraph(`${field}: ${reason}, at byte ${offset}`, style, { indent: 2, hanging: 2 })
      : []),
    ...headerLines(shown, style),
    ...(followed === undefined
      ? []
      : paragraph(verdict === 'absent' ? `it is ${followed}` : `then ${followed}`, style, { indent: 2 })),
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

function headerLines(
  { version, command, family, source, destination }: Pick<ConnectionReport, keyof HeaderReport>,
  style: Style,
): readonly string[] {
  if (version === undefined) return [];
  const ends =
    source === undefined || destination === undefined
      ? 'no addresses'
      : `client ${named(source)}, load balancer ${named(destination)}`;
  const kind = command === 'LOCAL' ? 'LOCAL' : family;
  return paragraph(`version ${version}, ${kind}: ${ends}`, style, { indent: 2, hanging: 2 });
}

/** What is under the connections: the connection through the load balancer, and the sum. */
export function renderListenClosing(document: ListenDocument, style: Style): string {
  const { through, connections, omitted, ended } = printable(document);
  const own = connections.find((connection) => connection.own === true);
  const verdicts = new Map<ConnectionVerdict, number>();
  for (const { verdict } of connections) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const sum = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const checks = connections.filter(({ healthCheck }) => healthCheck === true).length;
  return joinLines([
    ...(through === undefined ? [] : throughLines(through, own, style)),
    ...(through?.outcome === 'nothing-arrived' && connections.some(({ data }) => data === 'tls-client-hello')
      ? [
          ...paragraph(
            'But a TLS ClientHello came meanwhile: with an SSL instance protocol only a TLS server can say whose connection it is.',
            style,
          ),
          '',
        ]
      : []),
    ...paragraph(
      `${connections.length === 0 ? 'No connection came' : `${counted(connections.length, 'connection')}: ${sum}`}${omitted === 0 ? '' : `, and ${omitted} more that were not kept`}${checks === 0 ? '' : ` (${counted(checks, 'health check')} among them)`}${ended === 'timeout' ? ', until the time was over' : ''}.`,
      style,
    ),
  ]);
}

function throughLines(
  { target, outcome, reason, advice, seenFrom }: ThroughReport,
  own: ConnectionReport | undefined,
  style: Style,
): readonly string[] {
  const { bold, yellow } = style.colour;
  const arrow = symbols(style).arrow;
  if (outcome !== 'arrived' || own === undefined) {
    return [
      ...paragraph(yellow(`${reason}.`), style),
      ...paragraph(`${arrow} ${capital(advice)}.`, style, { indent: 2, hanging: 2 }),
      '',
    ];
  }
  const { source } = own;
  const client = source === undefined ? undefined : named(source);
  const other =
    own.verdict === 'proxy-v1' && client !== undefined && seenFrom !== undefined && client !== seenFrom;
  return [
    ...paragraph(`${bold(`Through ${target}:`)} ${outcomeWords()[own.verdict]}`, style, { hanging: 2 }),
    ...(other
      ? paragraph(
          `It names ${client}, and we connected from ${seenFrom}: an address translation or another proxy is in between.`,
          style,
          { indent: 2 },
        )
      : []),
    '',
  ];
}

const outcomeWords = (): Readonly<Record<ConnectionVerdict, string>> => ({
  'proxy-v1': 'the PROXY line is sent, and it is right.',
  'proxy-v2': 'a version 2 header is sent. That is no Classic Load Balancer’s.',
  absent: `no PROXY line is sent. See whether the policy is on: ${nextCommand('status', ['NAME'])}`,
  malformed: 'what is sent is not a valid PROXY line.',
  empty: 'nothing is sent.',
});

/** `address:port`, an IPv6 address in brackets. */
function named({ address, port }: NamedEndpoint): string {
  return targetName({ host: address, port });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
