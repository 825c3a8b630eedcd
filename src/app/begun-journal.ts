import type { JournalRecord } from '../core/record.js';
import type { Journal } from './ports.js';

/** A journal for one run, which knows whether the run has begun. */
export interface BegunJournal {
  readonly journal: Journal;
  readonly begun: () => boolean;
}

/** Records the beginning of a run together with its first record: a run that writes nothing leaves no trace. */
export function begunJournal(journal: Journal, begin: () => JournalRecord): BegunJournal {
  let begun = false;
  return {
    begun: () => begun,
    journal: {
      ...journal,
      append: async (record) => {
        if (!begun) await journal.append(begin());
        begun = true;
        await journal.append(record);
      },
    },
  };
}
