import { faultOf, incompleteAnswer, notFound } from './faults.js';
import type { CallContext } from './hints.js';
import type { ConnectionSettings } from './settings.js';

/** A call's subject, without its destination. */
export type Subject = Omit<CallContext, 'api' | 'region' | 'endpoint'>;

/** How a gateway calls its API: every failure becomes an ElbProxyError that names the call. */
export interface Calling {
  readonly region: string;
  readonly call: <Output>(subject: Subject, send: () => Promise<Output>) => Promise<Output>;
  /** A value that an answer must have, be it an empty list; the SDK gives a missing element as undefined. */
  readonly given: <T>(value: T | undefined, field: string, subject: Subject) => T;
  /** The error for an answer that lacks a field. */
  readonly incomplete: (field: string, subject: Subject) => ReturnType<typeof incompleteAnswer>;
  /** The error for load balancers that an answer leaves out. */
  readonly missing: (names: readonly string[], subject: Subject) => ReturnType<typeof notFound>;
}

/** The calls to one of the two APIs in one region. */
export function callingOf({ region, endpoint }: ConnectionSettings, api: CallContext['api']): Calling {
  const whole = (subject: Subject): CallContext => ({
    ...subject,
    ...(api === 'network' ? { api } : {}),
    region,
    endpoint,
  });
  const incomplete: Calling['incomplete'] = (field, subject) => incompleteAnswer([field], whole(subject));
  return {
    region,
    call: async (subject, send) => {
      try {
        return await send();
      } catch (error) {
        throw faultOf(error, whole(subject));
      }
    },
    given: (value, field, subject) => {
      if (value === undefined) throw incomplete(field, subject);
      return value;
    },
    incomplete,
    missing: (names, subject) => notFound(names, whole(subject)),
  };
}

/** Everything in batches of at most `size`. */
export function batchesOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
