import type { Journal } from '../app/ports.js';
import { openJournal } from '../journal/journal.js';
import { stateDirectory } from '../journal/state-directory.js';
import type { Io } from './io.js';

/** The journal of this user on this machine. */
export async function openStateJournal({ env, holder, look }: Io): Promise<Journal> {
  return openJournal({ directory: stateDirectory(env), holder, look });
}
