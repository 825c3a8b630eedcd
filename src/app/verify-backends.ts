import pMap from 'p-map';
import type { BackendResult, BackendVerdict, Target } from '../core/verify-result.js';

/** Probes one target. It never rejects; once the signal is aborted it returns what it knows. */
type ProbeBackend = (target: Target, signal: AbortSignal) => Promise<BackendResult>;

/** The progress so far. */
export interface VerifyProgress {
  readonly done: number;
  readonly total: number;
  /** Results so far by verdict. */
  readonly verdicts: Readonly<Partial<Record<BackendVerdict, number>>>;
}

interface VerifyBackends {
  readonly probe: ProbeBackend;
  /** Targets under way at once, each with one connection at most: 4,096 by default, since most of them wait. */
  readonly concurrency?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** The results of a run, also of one that was interrupted. */
export interface VerifiedBackends {
  /** In the order of the targets. */
  readonly results: readonly BackendResult[];
  /** Targets that nothing is known of, because it was interrupted. */
  readonly notProbed: readonly Target[];
}

/** Probes targets side by side. Interrupted, it gives what is known so far; it never rejects. */
export async function verifyBackends(
  targets: readonly Target[],
  { probe, concurrency = 4096, signal, onProgress }: VerifyBackends,
): Promise<VerifiedBackends> {
  const verdicts: Partial<Record<BackendVerdict, number>> = {};
  let done = 0;
  const results = await pMap(
    targets,
    async (target) => {
      if (signal.aborted) return undefined;
      const result = await probe(target, signal);
      if (signal.aborted && result.evidence.length === 0) return undefined;
      verdicts[result.verdict] = (verdicts[result.verdict] ?? 0) + 1;
      done += 1;
      onProgress?.({ done, total: targets.length, verdicts });
      return result;
    },
    { concurrency },
  );
  return {
    results: results.filter((result) => result !== undefined),
    notProbed: targets.filter((_, index) => results[index] === undefined),
  };
}

/** The results that are not as expected, or inconclusive. With `allowInconclusive`, at least one must be as expected. */
export function unexpected(
  results: readonly BackendResult[],
  {
    expected,
    allowInconclusive,
  }: { readonly expected?: BackendVerdict | undefined; readonly allowInconclusive: boolean },
): readonly BackendResult[] {
  const met = expected === undefined || results.some(({ verdict }) => verdict === expected);
  return results.filter(({ verdict }) => {
    if (verdict === 'inconclusive' && expected !== 'inconclusive') return !allowInconclusive || !met;
    return expected !== undefined && verdict !== expected;
  });
}
