import { ElbProxyError, messageOf } from '../errors.js';
import type { Emit } from './events.js';

/** The result of a read, or its error code. */
export interface OptionalRead<T> {
  readonly value?: T;
  readonly failed?: string;
}

/** For health and tags, which only feed hazards: a failed read is reported, and the hazard is "not known". */
export async function optionalRead<T>(reading: Promise<T>, emit: Emit): Promise<OptionalRead<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    emit({ code: 'warning', message: messageOf(error) });
    return { failed: error instanceof ElbProxyError ? error.code : 'unknown' };
  }
}
