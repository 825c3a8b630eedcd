import type { Journal } from '../app/ports.js';
import { firstIssue } from '../core/first-issue.js';
import { livenessOf, type ProcessSight } from '../core/liveness.js';
import type { Plan } from '../core/plan.js';
import { isPlan } from '../core/plan-check.js';
import type { Holder } from '../core/record.js';
import { ElbProxyError, reasonOf } from '../errors.js';
import { appendRecord } from './append-record.js';
import { journalNames } from './names.js';
import { holderOf, processSight } from './processes.js';
import { putAside } from './put-aside.js';
import { readJournal } from './read-journal.js';
import { keepSettledPlace } from './settled-place.js';

/** Where the journal is. */
export interface JournalOptions {
  readonly directory: string;
  /** Who writes it; this process by default. */
  readonly holder?: Holder | undefined;
  /** Returns the state of a process id; by default, on this machine. */
  readonly look?: ((pid: number) => ProcessSight) | undefined;
}

/**
 * The journal: a file with one JSON record per line, mode 0600, never through a symbolic link. `append` returns once the
 * record is on disk; none is ever changed or deleted. Unreadable lines are skipped with a warning; settled changes beyond
 * the newest thousand are moved to a file of the day beside it.
 */
export function openJournal({
  directory,
  holder = holderOf(),
  look = processSight,
}: JournalOptions): Journal {
  const names = journalNames(directory);
  return {
    holder,
    liveness: (of, since) => livenessOf(of, since, holder, look),
    append: async (record) => {
      if (record.record === 'begin') await checkReadable(record.plan);
      try {
        await appendRecord(names, JSON.stringify(record));
      } catch (error) {
        throw journalError('write', names.journal, error);
      }
      // Nothing is written to a load balancer after this.
      if (record.record === 'end') await tidy();
    },
    read: async (part = 'all') => {
      try {
        return await readJournal(names, part);
      } catch (error) {
        throw journalError('read', names.journal, error);
      }
    },
  };

  /** A journal that stays long is slow, and whole. */
  async function tidy(): Promise<void> {
    await putAside(names, new Date()).catch(() => undefined);
    await keepSettledPlace(names).catch(() => undefined);
  }
}

/** A change that can't be read again could not be undone: then it must not begin. */
async function checkReadable(plan: Plan): Promise<void> {
  if (isPlan(plan)) return;
  const { planSchema } = await import('../core/plan-schema.js');
  const { error } = planSchema.safeParse(plan);
  if (error === undefined) return;
  throw new ElbProxyError(
    `nothing was written, because it could not be undone: the journal does not accept the change: ${firstIssue(error, plan)}`,
    {
      code: 'journal',
      fault: 'service',
      hint: 'the service holds something that AWS would not accept; change it there, or leave out this load balancer',
      cause: error,
    },
  );
}

function journalError(verb: 'read' | 'write', path: string, cause: unknown): ElbProxyError {
  return new ElbProxyError(
    `the journal ${path} can't be ${verb === 'read' ? 'read' : 'written'}: ${reasonOf(cause)}`,
    {
      code: 'journal',
      fault: 'user',
      hint:
        verb === 'read'
          ? 'make the file and its directory readable, or name another directory with ELB_PROXY_STATE_DIR'
          : 'nothing is changed without a journal; make the directory writable, or name another with ELB_PROXY_STATE_DIR',
      cause,
    },
  );
}
