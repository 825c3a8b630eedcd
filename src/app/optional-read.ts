import { ElbProxyError, messageOf } from '../errors.js';
import type { Emit } from './events.js';

/** What could be read, or the code of what came instead. */
export interface OptionalRead<T> {
  readonly value?: T;
  readonly failed?: string;
}

/** For what only feeds hazards, such as health and tags: where it can't be read, that is said, and the hazard is "not known". */
export async function optionalRead<T>(reading: Promise<T>, emit: Emit): Promise<OptionalRead<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    emit({ code: 'warning', message: messageOf(error) });
    return { failed: error instanceof ElbProxyError ? error.code : 'unknown' };
  }
}
