import { isHttpSuccess } from './answer.js';
import { type Case, caseOf, type Goal } from './case.js';
import { decideByBanner, speaksFirst } from './classify-banner.js';
import { decideByHttp } from './classify-http.js';
import { decideByLine } from './classify-line.js';
import { decideBySend } from './classify-send.js';
import { decideByTls } from './classify-tls.js';
import { ask, type Decision, inconclusive, onlyVersion2 } from './decision.js';
import type { Observation } from './observation.js';
import { askAgain, atOnceMs, unsteady } from './steady.js';

/** Connections to one target. */
export const mostProbes = 8;

/**
 * What the observations so far prove, or which probe is to be made next. Pure; every probe that it asks for differs
 * from others that it asks for in the prefix only, because only such a comparison tells what the prefix does.
 */
export function classify(observations: readonly Observation[], goal: Goal): Decision {
  const k = caseOf(observations, goal);
  const decision = unreachable(observations) ?? unsteady(k) ?? decide(k);
  if (decision.kind === 'verdict')
    return (observations.length < mostProbes ? askAgain(k, decision) : undefined) ?? decision;
  if (observations.length >= mostProbes) {
    return inconclusive(
      `${mostProbes} connections did not settle it`,
      'run it again, with a longer --timeout or with --app if you know what the port speaks',
    );
  }
  return decision;
}

function decide(k: Case): Decision {
  const { app, send } = k.goal;
  if (app === 'tls') return decideByTls(k) ?? noTls(k);
  if (send) return decideBySend(k);
  switch (app) {
    case 'auto':
      return auto(k);
    case 'http':
      return decideByHttp(k) ?? noHttp(k);
    case 'tcp':
      return byBanner(k) ?? decideByLine(k);
  }
}

function byBanner(k: Case): Decision | undefined {
  const nothing = k.answer('plain+none');
  if (nothing === undefined) return ask('plain+none');
  return speaksFirst(nothing) ? decideByBanner(k) : undefined;
}

function auto(k: Case): Decision {
  const banner = byBanner(k);
  if (banner !== undefined) return banner;
  return closesEverything(k) ?? decideByHttp(k) ?? decideByTls(k) ?? decideByLine(k);
}

/** Closed before anything was sent, and whatever was sent. */
function closesEverything(k: Case): Decision | undefined {
  const kinds = ['plain+none', 'plain+http', 'v1+http'] as const;
  if ((k.last('plain+none')?.ms ?? Infinity) > atOnceMs) return undefined;
  if (!kinds.every((probe) => k.answer(probe)?.kind === 'closed')) return undefined;
  return inconclusive(
    'it closes every connection at once, before a byte is sent',
    'look at the backend’s log: it may let in other addresses only (run this on the load balancer’s network), or what stands behind it is down',
  );
}

function unreachable(observations: readonly Observation[]): Decision | undefined {
  const last = observations.at(-1);
  const before = observations.length === 1 ? '' : `after ${observations.length - 1} probes, `;
  switch (last?.ended) {
    case 'refused':
      return inconclusive(
        `${before}the connection was refused: nothing listens there`,
        'check that the backend runs, and that this is its instance port',
        'strong',
      );
    case 'timeout':
      return inconclusive(
        `${before}the connection was not established in time`,
        'check security groups, network ACLs and routes from this machine, or give a longer --timeout',
        'strong',
      );
    case 'unreachable':
      return inconclusive(
        `${before}there is no way to that address from here`,
        'run this on a machine in the backend’s network',
        'strong',
      );
    default:
      return undefined;
  }
}

function noTls(k: Case): Decision {
  const plain = k.answer('plain+tls');
  if (plain?.kind === 'closed' || plain?.kind === 'silent') {
    const second = k.answer('v2+tls');
    if (second === undefined) return ask('v2+tls');
    if (second.kind === 'tls-hello') return onlyVersion2;
  }
  return inconclusive('no TLS handshake came about, with a PROXY line or without', 'try --app auto');
}

function noHttp(k: Case): Decision {
  const second = k.answer('v2+http');
  if (second === undefined) return ask('v2+http');
  if (isHttpSuccess(second)) return onlyVersion2;
  return inconclusive(
    'no HTTP answer but 400 came, with a PROXY line or without',
    'try --app auto, or give the path and the host that the application knows: --http-path, --http-host',
  );
}
