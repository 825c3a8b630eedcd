import type { Listener, LoadBalancerIdentity } from '../core/model.js';
import type { PlanChange } from '../core/plan.js';
import type { GuardCheck, GuardPhase } from '../core/report.js';
import { isForwarding, isSecure } from '../core/status.js';
import { ElbProxyError } from '../errors.js';
import type { Clock, GuardProbe } from './ports.js';

/** How a change is watched while it takes effect. Times in milliseconds. */
export interface GuardOptions {
  readonly probe: GuardProbe;
  /** How long the probe may fail after the change before it must pass. */
  readonly windowMs: number;
  /** How long it must then go on passing. */
  readonly holdMs: number;
  /** Change all ports first and check them then, in place of one port after the other. */
  readonly all: boolean;
}

/** Milliseconds between two checks of a port. */
const pollMs = 500;

/** Watches the ports of one run, and keeps the evidence. */
export interface Guard {
  readonly checks: readonly GuardCheck[];
  /** Every port must pass before anything is written; gives the objection, or nothing. */
  readonly baseline: (changes: readonly PlanChange[]) => Promise<ElbProxyError | undefined>;
  /** A changed port must pass within the window and through the hold; gives the failure, or how else it ended. */
  readonly watch: (
    change: PlanChange,
    instancePort: number,
    signal: AbortSignal,
  ) => Promise<ElbProxyError | 'passed' | 'interrupted'>;
  /** After a roll back: one more look at the watched ports of the load balancers that were put back, for the report. */
  readonly restored: (wasPutBack: (loadBalancer: LoadBalancerIdentity) => boolean) => Promise<void>;
}

/** A guard over one run of a plan. */
export function makeGuard({ probe, windowMs, holdMs }: GuardOptions, clock: Clock): Guard {
  const checks: GuardCheck[] = [];
  const watched = new Map<
    string,
    { readonly loadBalancer: LoadBalancerIdentity; readonly look: () => Promise<boolean> }
  >();

  const check = async (
    phase: GuardPhase,
    { loadBalancer }: PlanChange,
    instancePort: number,
    listenerPort: number,
  ): Promise<GuardCheck> => {
    const at = clock.now();
    const seen = await probe.check({ host: loadBalancer.dnsName ?? loadBalancer.name, port: listenerPort });
    const done = { phase, loadBalancer: loadBalancer.name, instancePort, at: at.toISOString(), ...seen };
    checks.push(done);
    return done;
  };

  return {
    checks,
    baseline: async (changes) => {
      for (const change of changes) {
        for (const { instancePort, listenerPort } of guardedPorts(change, probe)) {
          if (listenerPort === undefined) return noListener(change, instancePort);
          const seen = await check('baseline', change, instancePort, listenerPort);
          if (!seen.passed) return baselineFailed(probe, seen);
        }
      }
      return undefined;
    },
    watch: async (change, instancePort, signal) => {
      const listenerPort = guardedPorts(change, probe).find(
        (port) => port.instancePort === instancePort,
      )?.listenerPort;
      if (listenerPort === undefined) return 'passed';
      const { loadBalancer } = change;
      watched.set(`${loadBalancer.region}/${loadBalancer.name}/${instancePort}`, {
        loadBalancer,
        look: async () => (await check('restored', change, instancePort, listenerPort)).passed,
      });
      const began = clock.now().getTime();
      let passingSince: number | undefined;
      let failing: GuardCheck | undefined;
      while (!signal.aborted) {
        const seen = await check('after', change, instancePort, listenerPort);
        const now = clock.now().getTime();
        if (seen.passed) passingSince ??= now;
        // Once it passed it must stay so: a port that flaps is not well.
        else if (passingSince !== undefined || now - began >= windowMs)
          return watchFailed(probe, seen, passingSince === undefined ? windowMs : undefined);
        if (passingSince !== undefined && now - passingSince >= holdMs) return 'passed';
        failing = seen.passed ? undefined : seen;
        await clock.sleep(pollMs);
      }
      return failing === undefined ? 'interrupted' : interruptedWhileFailing(probe, failing);
    },
    restored: async (wasPutBack) => {
      for (const { loadBalancer, look } of watched.values()) {
        if (!wasPutBack(loadBalancer)) continue;
        // Backends need a moment to notice: a few looks, the last one counts.
        for (let tries = 0; tries < 5 && !(await look()); tries++) await clock.sleep(pollMs);
      }
    },
  };
}

/** The ports that a change writes, with a listener port through which each can be reached. */
function guardedPorts(
  { steps, affects }: PlanChange,
  probe: GuardProbe,
): readonly { readonly instancePort: number; readonly listenerPort: number | undefined }[] {
  return steps.flatMap((step) => {
    if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return [];
    const { instancePort } = step;
    const [listener] = affects.listeners
      .filter((candidate) => candidate.instancePort === instancePort)
      .toSorted((one, other) => unsuited(one, probe) - unsuited(other, probe));
    return [{ instancePort, listenerPort: listener?.loadBalancerPort }];
  });
}

/** A listener of HTTP or HTTPS sends no PROXY line, so a look through it is blind to the change; TLS must fit as well. */
function unsuited({ protocol }: Pick<Listener, 'protocol'>, { tls }: GuardProbe): number {
  return (isForwarding({ protocol }) ? 0 : 2) + (tls === undefined || tls === isSecure(protocol) ? 0 : 1);
}

function noListener({ loadBalancer: { name, region } }: PlanChange, instancePort: number): ElbProxyError {
  return new ElbProxyError(
    `--guard can't watch instance port ${instancePort} of ${name} (${region}): no listener forwards to it`,
    {
      code: 'guard-baseline-failed',
      fault: 'world',
      hint: 'leave the port out, or make the change without --guard',
    },
  );
}

function baselineFailed({ name }: GuardProbe, { target, seen }: GuardCheck): ElbProxyError {
  return new ElbProxyError(
    `the guard ${name} fails at ${target} before anything was changed: ${seen}. Nothing was written.`,
    {
      code: 'guard-baseline-failed',
      fault: 'world',
      hint: 'choose a probe that passes now (http: a path that answers 2xx or 3xx), or another --guard-target: else it could not tell whether the change broke anything',
    },
  );
}

/** Somebody asked to stop while traffic was broken: nothing speaks for leaving it so. */
function interruptedWhileFailing({ name }: GuardProbe, { target, seen }: GuardCheck): ElbProxyError {
  return new ElbProxyError(`interrupted while the guard ${name} was failing at ${target}: ${seen}`, {
    code: 'interrupted',
    fault: 'user',
  });
}

function watchFailed(
  { name }: GuardProbe,
  { target, seen }: GuardCheck,
  windowMs: number | undefined,
): ElbProxyError {
  const when =
    windowMs === undefined
      ? 'passed after the change, and then failed'
      : `did not pass within ${windowMs / 1000} s of the change`;
  return new ElbProxyError(`the guard ${name} at ${target} ${when}: ${seen}`, {
    code: 'guard-failed',
    fault: 'world',
    hint: 'the backend does not do what the load balancer now does: find out which side is wrong with elb-proxy verify backend HOST:PORT',
  });
}
