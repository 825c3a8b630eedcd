import { isIP } from 'node:net';
import { type BackendResult, type Target, targetName } from '../core/verify-result.js';
import type { Goal } from './case.js';
import { classify, mostProbes } from './classify.js';
import { type Ask, inconclusive, type Verdict } from './decision.js';
import { evidenceOf, type Observation } from './observation.js';
import { observe } from './observe.js';
import { resolve } from './resolve.js';
import type { ProbeSettings } from './settings.js';

/**
 * Probes one backend until the classifier is sure, with at most eight connections, one after the other. Never rejects;
 * cut off by the signal it says what it saw.
 */
export async function probeBackend(
  target: Target,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<BackendResult> {
  const { host, port } = target;
  const goal: Goal = {
    app: settings.app,
    send: settings.send !== undefined,
    expectReply: settings.expectReply,
  };
  const { addresses, alike, why } = await resolve(host, settings.timeoutMs);
  const observations: Observation[] = [];
  let [address] = addresses;
  let seenFrom: string | undefined;
  let decision: Verdict | Ask = address === undefined ? noAddress(why) : classify([], goal);

  const make = async ({ probe, patience }: Ask, at: string): Promise<boolean> => {
    const observed = await observe(probe, {
      address: at,
      port,
      target: targetName(target),
      name: isIP(host) === 0 ? host : undefined,
      settings,
      patience,
      signal,
    });
    if (observed === undefined) return false;
    observations.push(observed.observation);
    seenFrom ??= observed.seenFrom;
    return true;
  };

  while (decision.kind === 'ask' && address !== undefined) {
    if (!(await make(decision, address))) {
      decision = interrupted(observations.length);
      break;
    }
    // Of a name's addresses, the first that takes a connection: the others say nothing of the backend.
    const next = addresses[addresses.indexOf(address) + 1];
    const last = observations.at(-1);
    if (next !== undefined && seenFrom === undefined && last !== undefined && neverStood(last)) {
      observations.pop();
      address = next;
      continue;
    }
    decision = classify(observations, goal);
  }
  const verdict = decision.kind === 'ask' ? interrupted(observations.length) : decision;
  const { kind: _, ...said } = verdict;
  return {
    target: targetName(target),
    ...(address === undefined ? {} : { address }),
    ...(target.instanceId === undefined ? {} : { instanceId: target.instanceId }),
    ...(seenFrom === undefined ? {} : { seenFrom }),
    ...said,
    notes:
      alike > 1
        ? [...said.notes, `${host} leads to ${alike} addresses: only ${address} was probed.`]
        : said.notes,
    evidence: observations.map(evidenceOf),
  };
}

function neverStood({ ended }: Observation): boolean {
  return ended === 'refused' || ended === 'timeout' || ended === 'unreachable';
}

function noAddress(why: string): Verdict {
  return inconclusive(why, 'check the name, and that this machine can look it up', 'strong');
}

function interrupted(probes: number): Verdict {
  return inconclusive(
    `interrupted after ${probes} of at most ${mostProbes} connections`,
    'run it again, and let it finish',
  );
}
