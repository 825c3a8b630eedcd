import { isIP } from 'node:net';
import { type BackendResult, type Target, targetName } from '../core/verify-result.js';
import { withoutUndefined } from '../core/without-undefined.js';
import { messageOf } from '../errors.js';
import { carry } from './carry.js';
import { classify, mostProbes } from './classify.js';
import { type Ask, inconclusive, type Verdict } from './decision.js';
import { exchangeFor } from './exchange.js';
import { forNetwork } from './for-network.js';
import { evidenceOf, type Recording, stood } from './recording.js';
import { type Resolved, resolve } from './resolve.js';
import type { Goal } from './seen.js';
import type { ProbeSettings } from './settings.js';
import { type Turns, turns } from './turns.js';

/** Probes one backend. Never rejects; cut off by the signal it says what it saw. */
export type ProbeBackend = (target: Target, signal: AbortSignal) => Promise<BackendResult>;

/** Probes backends until the classifier is sure; 32 connections are busy at a time, and four look-ups, as in Node.js. */
export function backendProber(settings: ProbeSettings): ProbeBackend {
  const shared: Shared = { connections: turns(32, 25), lookups: turns(4, settings.timeoutMs) };
  return (target, signal) => probe(target, settings, signal, shared);
}

/** The turns that all targets of a run share. */
interface Shared {
  readonly connections: Turns;
  readonly lookups: Turns;
}

async function probe(
  target: Target,
  settings: ProbeSettings,
  signal: AbortSignal,
  { connections, lookups }: Shared,
): Promise<BackendResult> {
  const { host, port, instanceId } = target;
  const { app, send, expectReply, timeoutMs } = settings;
  const recordings: Recording[] = [];
  let address: string | undefined;
  let alike = 0;
  let seenFrom: string | undefined;

  /** Makes a probe and records what comes of it; false if the signal cut it off. */
  const make = async (asked: Ask, at: string): Promise<boolean> => {
    const name = isIP(host) === 0 ? host : undefined;
    const exchange = exchangeFor(asked, { settings, target: targetName(target), name });
    const carried = await carry(exchange, { address: at, port, timeoutMs }, { signal, turns: connections });
    if (carried === undefined) return false;
    recordings.push(carried.recording);
    seenFrom ??= carried.seenFrom;
    return true;
  };
  const judge = async (): Promise<Verdict> => {
    const goal: Goal = { app, send: send !== undefined, expectReply };
    const found = await resolveInTurn(host, timeoutMs, lookups);
    alike = found.alike;
    [address] = found.addresses;
    if (address === undefined)
      return inconclusive(found.why, 'check the name, and that this machine can resolve it', 'strong');
    let decision: Verdict | Ask = classify([], goal);
    while (decision.kind === 'ask') {
      if (!(await make(decision, address))) return interrupted(recordings.length);
      // The first address of a name that takes a connection: the others say nothing about the backend.
      const next: string | undefined = found.addresses[found.addresses.indexOf(address) + 1];
      const last = recordings.at(-1);
      if (next !== undefined && seenFrom === undefined && last !== undefined && !stood(last)) {
        recordings.pop();
        address = next;
      } else {
        decision = classify(recordings, goal);
      }
    }
    return decision;
  };

  // A fault of ours is this target's result, never another's.
  const { kind: _, notes, ...said } = await judge().catch(failed);
  const result: BackendResult = {
    target: targetName(target),
    ...withoutUndefined({ address, instanceId }),
    vantage: { kind: 'here' },
    ...withoutUndefined({ seenFrom }),
    ...said,
    notes: alike > 1 ? [...notes, `${host} has ${alike} addresses: only ${address} was probed.`] : notes,
    evidence: recordings.map(evidenceOf),
  };
  return settings.sender === 'network' ? forNetwork(result) : result;
}

async function resolveInTurn(host: string, timeoutMs: number, lookups: Turns): Promise<Resolved> {
  if (isIP(host) !== 0) return resolve(host, timeoutMs);
  const endTurn = await lookups.take();
  try {
    return await resolve(host, timeoutMs);
  } finally {
    endTurn();
  }
}

function failed(error: unknown): Verdict {
  return inconclusive(
    `probing it failed on our side: ${messageOf(error)}`,
    'run it again; if it happens again, report it with this line',
  );
}

function interrupted(probes: number): Verdict {
  return inconclusive(
    `interrupted after ${probes} of at most ${mostProbes} connections`,
    'run it again, and let it finish',
  );
}
