import { isIP } from 'node:net';
import { type BackendResult, type Target, targetName } from '../core/verify-result.js';
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

/**
 * Probes backends until the classifier is sure, each with at most eight connections, one after the other. However many
 * are under way: 32 connections are busy, and four names looked up, which is what Node.js does at once.
 */
export function backendProber(settings: ProbeSettings): ProbeBackend {
  const shared: Shared = { connections: turns(32, 25), lookups: turns(4, settings.timeoutMs) };
  return (target, signal) => probe(new Probing(target, settings, signal, shared));
}

/** What all targets of a run share. */
interface Shared {
  readonly connections: Turns;
  readonly lookups: Turns;
}

async function probe(probing: Probing): Promise<BackendResult> {
  try {
    await probing.run();
  } catch (error) {
    // A fault of ours is this target's result, never another's.
    probing.fail(error);
  }
  return probing.result();
}

class Probing {
  readonly #target: Target;
  readonly #settings: ProbeSettings;
  readonly #signal: AbortSignal;
  readonly #shared: Shared;
  readonly #recordings: Recording[] = [];
  #address: string | undefined;
  #alike = 0;
  #seenFrom: string | undefined;
  #verdict: Verdict = interrupted(0);

  constructor(target: Target, settings: ProbeSettings, signal: AbortSignal, shared: Shared) {
    this.#target = target;
    this.#settings = settings;
    this.#signal = signal;
    this.#shared = shared;
  }

  async run(): Promise<void> {
    const { app, send, expectReply, timeoutMs } = this.#settings;
    const goal: Goal = { app, send: send !== undefined, expectReply };
    const { addresses, alike, why } = await this.#resolve(timeoutMs);
    this.#alike = alike;
    [this.#address] = addresses;
    if (this.#address === undefined) {
      this.#verdict = noAddress(why);
      return;
    }
    let decision: Verdict | Ask = classify([], goal);
    while (decision.kind === 'ask') {
      if (!(await this.#make(decision, this.#address))) {
        this.#verdict = interrupted(this.#recordings.length);
        return;
      }
      // The first address of a name that takes a connection: the others say nothing about the backend.
      const next: string | undefined = addresses[addresses.indexOf(this.#address) + 1];
      const last = this.#recordings.at(-1);
      if (next !== undefined && this.#seenFrom === undefined && last !== undefined && !stood(last)) {
        this.#recordings.pop();
        this.#address = next;
      } else {
        decision = classify(this.#recordings, goal);
      }
    }
    this.#verdict = decision;
  }

  async #resolve(timeoutMs: number): Promise<Resolved> {
    const { host } = this.#target;
    if (isIP(host) !== 0) return resolve(host, timeoutMs);
    const endTurn = await this.#shared.lookups.take();
    try {
      return await resolve(host, timeoutMs);
    } finally {
      endTurn();
    }
  }

  async #make(ask: Ask, address: string): Promise<boolean> {
    const { host, port } = this.#target;
    const exchange = exchangeFor(ask, {
      settings: this.#settings,
      target: targetName(this.#target),
      name: isIP(host) === 0 ? host : undefined,
    });
    const { timeoutMs } = this.#settings;
    const carried = await carry(
      exchange,
      { address, port, timeoutMs },
      { signal: this.#signal, turns: this.#shared.connections },
    );
    if (carried === undefined) return false;
    this.#recordings.push(carried.recording);
    this.#seenFrom ??= carried.seenFrom;
    return true;
  }

  fail(error: unknown): void {
    this.#verdict = inconclusive(
      `probing it failed on our side: ${error instanceof Error ? error.message : String(error)}`,
      'run it again; if it happens again, report it with this line',
    );
  }

  result(): BackendResult {
    const { host, instanceId } = this.#target;
    const { kind: _, notes, ...said } = this.#verdict;
    const address = this.#address;
    const result: BackendResult = {
      target: targetName(this.#target),
      ...(address === undefined ? {} : { address }),
      ...(instanceId === undefined ? {} : { instanceId }),
      vantage: { kind: 'here' },
      ...(this.#seenFrom === undefined ? {} : { seenFrom: this.#seenFrom }),
      ...said,
      notes:
        this.#alike > 1
          ? [...notes, `${host} has ${this.#alike} addresses: only ${address} was probed.`]
          : notes,
      evidence: this.#recordings.map(evidenceOf),
    };
    return this.#settings.sender === 'network' ? forNetwork(result) : result;
  }
}

function noAddress(why: string): Verdict {
  return inconclusive(why, 'check the name, and that this machine can resolve it', 'strong');
}

function interrupted(probes: number): Verdict {
  return inconclusive(
    `interrupted after ${probes} of at most ${mostProbes} connections`,
    'run it again, and let it finish',
  );
}
