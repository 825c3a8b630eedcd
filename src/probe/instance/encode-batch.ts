import { type Exchange, exchangeFor } from '../exchange.js';
import type { ProbeSettings } from '../settings.js';
import { type AskedAhead, batchOf } from './batch.js';
import { clientHello } from './client-hello.js';
import { leadTemplate } from './lead-template.js';

/** The placeholder in a request for the target, which differs for each instance. */
const target = '\0target of elb-proxy\0';

/** A batch, ready to be sent, and what it takes to read what comes back. */
export interface EncodedBatch {
  /** The script's parameter. */
  readonly exchanges: string;
  /** In their order: the templates of what is sent. */
  readonly asked: readonly EncodedExchange[];
  /** Seconds that all of it may take. */
  readonly seconds: number;
}

/** One exchange of a batch. */
export interface EncodedExchange extends AskedAhead {
  readonly exchange: Exchange;
  /** Before a greeting, or all there is in front of a handshake. */
  readonly front: string;
  readonly bytes: string;
}

/** No command is made longer than what Run Command is known to take. */
const longestBatch = 30_000;

/** The batch of a goal for a port; undefined if it would be too long, which only `--send` can make it. */
export async function encodeBatch(settings: ProbeSettings, port: number): Promise<EncodedBatch | undefined> {
  const { app, send, expectReply, tlsServerName, timeoutMs, bannerWaitMs } = settings;
  const speech = send !== undefined && app !== 'tls' ? 'send' : app;
  const hello = await clientHello(tlsServerName);
  const asked = batchOf(speech, expectReply !== undefined).map((one): EncodedExchange => {
    const ask = { kind: 'ask', afterMs: 0, ...one } as const;
    const exchange = exchangeFor(ask, { settings, target, name: undefined });
    const lead = leadTemplate(exchange.lead, port);
    if (exchange.kind === 'handshake')
      return { ...one, exchange, front: lead, bytes: `${lead}${hello.toString('hex')}` };
    const bytes = hexOf(exchange.bytes);
    return exchange.greeting?.behind === 'lead'
      ? { ...one, exchange, front: lead, bytes }
      : { ...one, exchange, front: '', bytes: `${lead}${bytes}` };
  });
  const exchanges = asked.map((one) => encode(one, settings, port)).join(' ');
  // At most eight connections, half of which may be waited out twice as long.
  const seconds = 20 + Math.ceil((8 * (timeoutMs * 2.5 + bannerWaitMs)) / 1000);
  return exchanges.length > longestBatch ? undefined : { exchanges, asked, seconds };
}

function encode(
  { key, when, exchange, front, bytes }: EncodedExchange,
  { timeoutMs }: ProbeSettings,
  port: number,
): string {
  const { waitMs } = exchange;
  const greetingMs = exchange.kind === 'bytes' ? exchange.greeting?.waitMs : undefined;
  const limit = Math.ceil((timeoutMs + waitMs + (greetingMs ?? 0)) / 1000) + 5;
  return [
    key,
    when,
    String(limit),
    front,
    bytes,
    exchange.kind === 'bytes' ? Buffer.from(exchange.until ?? []).toString('hex') : '',
    exchange.kind === 'bytes'
      ? ''
      : `${leadTemplate(exchange.inside.lead, port)}${hexOf(exchange.inside.bytes)}`,
    exchange.kind === 'bytes' ? '' : (exchange.serverName ?? ''),
    greetingMs === undefined ? '' : inSeconds(greetingMs),
    inSeconds(timeoutMs),
    inSeconds(waitMs),
  ].join('/');
}

function hexOf(bytes: Uint8Array): string {
  const marker = Buffer.from(target).toString('hex');
  return Buffer.from(bytes).toString('hex').replaceAll(marker, '@');
}

function inSeconds(ms: number): string {
  return String(Math.max(1, Math.round(ms)) / 1000);
}
