import { isIP } from 'node:net';
import { applicationOf, type Speaking } from './applications.js';
import type { Ask, Greeting } from './decision.js';
import { type Prefix, type ProbeName, partsOf } from './probe.js';

/**
 * The bytes in front, which only the carrier can make: they name the connection's ends, or are as long as a line that does.
 * `word`: a line without meaning; `network`: a Network Load Balancer's header; `broken-header`: of no known version.
 */
export type Lead = Prefix | 'word' | 'network' | 'broken-header';

/** One connection's worth of questions, as plain data: a carrier makes the connection and brings back a recording. */
export type Exchange = BytesExchange | HandshakeExchange;

interface Common {
  readonly probe: ProbeName;
  readonly lead: Lead;
  /** Milliseconds for an answer. */
  readonly waitMs: number;
  /** Milliseconds to let pass first. */
  readonly afterMs: number;
}

/** Lead and bytes in one write, unless a greeting is waited for in between. */
export interface BytesExchange extends Common {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
  /** Waited for before the lead (`open`) or behind it (`lead`), at most so long. */
  readonly greeting?: { readonly behind: Greeting; readonly waitMs: number } | undefined;
  /** The reply that ends the wait for more. */
  readonly until?: Uint8Array | undefined;
}

/** The lead in one write with a ClientHello; where a session comes about, lead and bytes inside. */
export interface HandshakeExchange extends Common {
  readonly kind: 'handshake';
  readonly serverName?: string | undefined;
  readonly inside: { readonly lead: Lead; readonly bytes: Uint8Array };
}

/** Where a probe is sent. `name`: the target's, if it is not an address. */
interface Addressee extends Speaking {
  readonly name: string | undefined;
}

/** The exchange that a probe takes. */
export function exchangeFor({ probe, patience, greeting, afterMs }: Ask, addressee: Addressee): Exchange {
  const { settings, name } = addressee;
  const { prefix, payload, inside } = partsOf(probe);
  const application = applicationOf(payload);
  const common = { probe, afterMs };
  if (payload === 'tls') {
    const serverName = settings.tlsServerName ?? name;
    return {
      ...common,
      kind: 'handshake',
      lead: leadOf(prefix, settings.sender),
      waitMs: settings.timeoutMs * patience,
      ...(serverName === undefined || isIP(serverName) !== 0 ? {} : { serverName }),
      inside: {
        lead: leadOf(inside, settings.sender),
        bytes: applicationOf(settings.send === undefined ? 'http' : 'send').bytes(addressee),
      },
    };
  }
  return {
    ...common,
    kind: 'bytes',
    lead: payload === 'word' ? 'word' : leadOf(prefix, settings.sender),
    bytes: application.bytes(addressee),
    waitMs: (application.bare === true ? settings.bannerWaitMs : settings.timeoutMs) * patience,
    ...(greeting === undefined ? {} : { greeting: { behind: greeting, waitMs: settings.bannerWaitMs } }),
    ...(settings.expectReply === undefined ? {} : { until: settings.expectReply }),
  };
}

/** The classifier asks for the valid header as `v1`, and for the other version as `v2`. */
function leadOf(prefix: Prefix, sender: 'network' | undefined): Lead {
  if (sender === undefined) return prefix;
  switch (prefix) {
    case 'plain':
      return 'plain';
    case 'v1':
      return 'network';
    case 'v2':
      return 'v1';
    case 'broken':
      return 'broken-header';
  }
}
