import { movedIdentity } from '../core/drift.js';
import type { LoadBalancer, LoadBalancerIdentity } from '../core/model.js';
import type { StepReference, WriteEffect } from '../core/record.js';
import { policyOf, type Step } from '../core/step.js';
import { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import { observe, sightOf } from './observe.js';
import type { Clock, ElasticLoadBalancing, Journal, Written } from './ports.js';
import { readLoadBalancer } from './read.js';

/** How one write ended. */
export type WriteResult<Stop> =
  | { readonly kind: 'done'; readonly requestId?: string | undefined }
  /** The fresh read said that it must not be written; nothing was. */
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** Tried, and certainly without effect. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Written, but reading back shows something else. */
  | { readonly kind: 'overwritten'; readonly fresh: LoadBalancer | undefined }
  /** It may or may not be in effect. */
  | { readonly kind: 'unknown'; readonly error: unknown };

/** What a write needs from outside. */
export interface WriteContext {
  readonly changeId: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Once aborted, no further try is begun. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * How often one write is tried, unless the user set it (AWS_MAX_ATTEMPTS): after a throttle, and after an answer that was
 * lost, where each try waits for the write to show before it is believed not to have happened.
 */
const mostTries = { throttled: 6, 'answer-lost': 4, 'name-taken': 6 } as const;

/** Attempts of the read before a write on the way back, those inside the API's adapter included. */
const mostReadsBack = 6;

/**
 * The one way in which this tool writes. Each try: read afresh and let `check` object, record the intention,
 * send once, record the answer, read back. A write whose answer was lost is never sent again blindly:
 * only when reading again shows that it did not happen, and nobody else wrote meanwhile.
 * Where the journal can't be written, nothing is sent.
 */
export async function writeStep<Stop>(
  api: ElasticLoadBalancing,
  loadBalancer: LoadBalancerIdentity,
  step: Step,
  reference: StepReference,
  check: (fresh: LoadBalancer | undefined) => Stop | undefined,
  context: WriteContext,
): Promise<WriteResult<Stop>> {
  context.emit({ code: 'step-started', loadBalancer, step, direction: reference.direction });
  let lost: Answer | undefined;
  for (let attempt = 1; ; attempt++) {
    const tried = await tryOnce(api, loadBalancer, step, reference, check, context, lost);
    if (tried.kind !== 'again') return tried;
    if (tried.why === 'answer-lost') lost = { effect: 'unknown', error: tried.error };
    if (attempt >= triesFor(tried.why, reference, api) || context.signal?.aborted === true)
      return { kind: 'failed', error: tried.error };
    // The published bucket for writes refills 3 a second (facts: AWS "Request throttling for the ELB API").
    const ms = Math.min((tried.why === 'read-failed' ? 50 : 200) * 2 ** attempt, 5000);
    context.emit({ code: 'waiting', why: tried.why, ms });
    await context.clock.sleep(ms);
  }
}

/** A try that had no effect and may be repeated. */
interface Again {
  readonly kind: 'again';
  readonly why: keyof typeof mostTries | 'read-failed';
  readonly error: unknown;
}

/**
 * A limit of the user's spares the service, and ends a change early at worst. The way back it would end half-way, with
 * the change in effect on some ports: there it can only raise the tries.
 */
function triesFor(
  why: Again['why'],
  { direction }: StepReference,
  { maxAttempts }: ElasticLoadBalancing,
): number {
  if (why === 'read-failed')
    return direction === 'back' ? Math.ceil(mostReadsBack / (maxAttempts ?? mostReadsBack)) : 1;
  // A name that was taken meanwhile is no failure to be retried: the next read says what the plan has to say about it.
  if (why === 'name-taken' || maxAttempts === undefined) return mostTries[why];
  return direction === 'back' ? Math.max(maxAttempts, mostTries[why]) : maxAttempts;
}

async function tryOnce<Stop>(
  api: ElasticLoadBalancing,
  loadBalancer: LoadBalancerIdentity,
  step: Step,
  reference: StepReference,
  check: (fresh: LoadBalancer | undefined) => Stop | undefined,
  context: WriteContext,
  lost: Answer | undefined,
): Promise<WriteResult<Stop> | Again> {
  const record = recorder(step, reference, context);
  const done = ({ requestId }: Answer, answerLost: boolean): WriteResult<Stop> => {
    const { direction } = reference;
    context.emit({ code: 'step-done', loadBalancer, step, direction, requestId, answerLost });
    return { kind: 'done', requestId };
  };
  // What an error below says about the load balancer: once the call is sent, only its answer can say "nothing happened".
  let mayHaveWritten = false;
  try {
    const read = await tryToRead(api, loadBalancer.name);
    if ('kind' in read) return read;
    const { fresh } = read;
    // An earlier try whose answer was lost has taken effect after all, later than it was waited for: it is ours.
    if (lost !== undefined && showsUp(step, loadBalancer, fresh)) {
      mayHaveWritten = true;
      await record.answer('done', lost);
      return done(lost, true);
    }
    const stop = check(fresh);
    if (stop !== undefined) return { kind: 'stopped', stop };

    await record.intention();
    mayHaveWritten = true;
    const answer = await send(api, loadBalancer.name, step);
    if (answer.effect === 'none') {
      await record.answer('none', answer);
      return answer.again === undefined
        ? { kind: 'failed', error: answer.error }
        : { kind: 'again', why: answer.again, error: answer.error };
    }
    if (answer.effect === 'done') await record.answer('done', answer);

    const sight = await observe(api, loadBalancer.name, step, context);
    if (answer.effect === 'unknown') await record.answer(sightEffect[sight.kind], answer);
    switch (sight.kind) {
      case 'after':
        return done(answer, answer.effect === 'unknown');
      case 'before':
        if (answer.effect === 'unknown') return { kind: 'again', why: 'answer-lost', error: answer.error };
        return { kind: 'overwritten', fresh };
      case 'other':
        return { kind: 'overwritten', fresh: sight.fresh };
      case 'unreadable':
        return { kind: 'unknown', error: answer.error ?? sight.error };
    }
  } catch (error) {
    return { kind: mayHaveWritten ? 'unknown' : 'failed', error };
  }
}

async function tryToRead(
  api: ElasticLoadBalancing,
  name: string,
): Promise<{ readonly fresh: LoadBalancer | undefined } | Again | { kind: 'failed'; error: unknown }> {
  try {
    return { fresh: await readLoadBalancer(api, name) };
  } catch (error) {
    return api.effectOf(error) === 'no'
      ? { kind: 'failed', error }
      : { kind: 'again', why: 'read-failed', error };
  }
}

function showsUp(step: Step, pinned: LoadBalancerIdentity, fresh: LoadBalancer | undefined): boolean {
  return (
    fresh !== undefined && movedIdentity(pinned, fresh).length === 0 && sightOf(step, fresh).kind === 'after'
  );
}

const sightEffect: Record<'after' | 'before' | 'other' | 'unreadable', WriteEffect> = {
  after: 'done',
  before: 'none',
  other: 'unknown',
  unreadable: 'unknown',
};

/** What came back from one call. */
interface Answer {
  readonly effect: WriteEffect;
  readonly requestId?: string | undefined;
  readonly error?: unknown;
  /** Without effect, and worth another try after a fresh read. */
  readonly again?: 'throttled' | 'name-taken' | undefined;
}

async function send(api: ElasticLoadBalancing, name: string, step: Step): Promise<Answer> {
  try {
    const { requestId } = await call(api, name, step);
    return { effect: 'done', requestId };
  } catch (error) {
    const effect = api.effectOf(error);
    const requestId = error instanceof ElbProxyError ? error.requestId : undefined;
    if (effect === 'unknown') return { effect, requestId, error };
    const again = effect === 'throttled' ? effect : undefined;
    // Somebody made a policy of this name since our read: reading again says so in the plan's own terms.
    const taken = error instanceof ElbProxyError && error.code === 'DuplicatePolicyName';
    return { effect: 'none', requestId, error, again: taken ? 'name-taken' : again };
  }
}

function call(api: ElasticLoadBalancing, name: string, step: Step): Promise<Written> {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return api.createLoadBalancerPolicy(name, policyOf(step));
    case 'DeleteLoadBalancerPolicy':
      return api.deleteLoadBalancerPolicy(name, step.policyName);
    case 'SetLoadBalancerPoliciesForBackendServer':
      return api.setLoadBalancerPoliciesForBackendServer(name, step.instancePort, step.after);
  }
}

function recorder(step: Step, reference: StepReference, { changeId, journal, clock }: WriteContext) {
  const base = () => ({ formatVersion: 1 as const, changeId, at: clock.now().toISOString(), ...reference });
  return {
    intention: () => journal.append({ ...base(), record: 'write', send: step }),
    answer: (effect: WriteEffect, { requestId, error }: Answer) =>
      journal.append({
        ...base(),
        record: 'written',
        effect,
        ...(requestId === undefined ? {} : { requestId }),
        ...(error instanceof ElbProxyError ? { errorCode: error.code } : {}),
      }),
  };
}
