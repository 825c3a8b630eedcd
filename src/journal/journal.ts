import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Journal, JournalContents } from '../app/ports.js';
import { firstIssue } from '../core/first-issue.js';
import type { Plan } from '../core/plan.js';
import type { Holder, JournalRecord } from '../core/record.js';
import { codeOf, ElbProxyError, reasonOf } from '../errors.js';
import { makeDirectory } from './make-directory.js';

/** Where the journal is, who writes it, and how to ask whether a process lives. */
export interface JournalOptions {
  readonly directory: string;
  readonly holder: Holder;
  readonly isAlive: (pid: number) => boolean;
}

/**
 * The journal as a file of one JSON record a line, `journal.jsonl`, mode 0600. `append` returns once the record is on
 * the disk itself. Nothing in the file is ever changed or deleted: what can't be read is skipped, and said. A link in
 * its place is not followed: what is written must stay in the directory.
 */
export function openJournal({ directory, holder, isAlive }: JournalOptions): Journal {
  const path = join(directory, 'journal.jsonl');
  return {
    holder,
    isRunning: ({ pid, host }) => host === holder.host && pid !== holder.pid && isAlive(pid),
    append: async (record) => {
      if (record.record === 'begin') await checkReadable(record.plan);
      try {
        await appendLine(path, JSON.stringify(record));
      } catch (error) {
        throw journalError('write', path, error);
      }
    },
    read: () => readJournal(path),
  };
}

/** What can't be read again could not be undone: then nothing is to begin. */
async function checkReadable(plan: Plan): Promise<void> {
  const { planSchema } = await import('../core/plan-schema.js');
  const { error } = planSchema.safeParse(plan);
  if (error === undefined) return;
  throw new ElbProxyError(
    `nothing was written, because it could not be undone: the journal does not take the change: ${firstIssue(error, plan)}`,
    {
      code: 'journal',
      fault: 'service',
      hint: 'the service holds what AWS would not take; change it there, or leave this load balancer out',
      cause: error,
    },
  );
}

async function appendLine(path: string, line: string): Promise<void> {
  await makeDirectory(dirname(path));
  // One write in append mode, so that runs side by side never tear each other's lines.
  await using file = await openJournalFile(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);
  const { size, mode } = await file.stat();
  // Somebody loosened it, or copied it here: it names what an account has.
  if ((mode & 0o077) !== 0) await file.chmod(0o600);
  const bytes = Buffer.from(`${(await endsInMidLine(file, size)) ? '\n' : ''}${line}\n`);
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten !== bytes.length) throw new Error('the disk took only a part of the record');
  await file.sync();
  if (size === 0) await syncDirectory(dirname(path));
}

async function openJournalFile(path: string, flags: number): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would wait for who is at its other end.
  const file = await open(path, flags | noFollow | (constants.O_NONBLOCK ?? 0), 0o600).catch(explainLink);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('it is no regular file');
}

/** Windows has none. */
const noFollow = constants.O_NOFOLLOW ?? 0;

function explainLink(error: unknown): never {
  if (codeOf(error) === 'ELOOP')
    throw new Error('it is a symbolic link, which is not followed', { cause: error });
  throw error;
}

/** A run that died while it wrote leaves half a line; the next record must not be glued to it. */
async function endsInMidLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** A new file's name is only safe once its directory is on the disk too. */
async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}

async function readJournal(path: string): Promise<JournalContents> {
  let text: string;
  try {
    await using file = await openJournalFile(path, constants.O_RDONLY);
    text = await file.readFile('utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { records: [], warnings: [] };
    throw journalError('read', path, error);
  }
  const { journalRecordSchema } = await import('./record-schema.js');
  const records: JournalRecord[] = [];
  const warnings: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      records.push(journalRecordSchema.parse(JSON.parse(line)));
    } catch (error) {
      const why =
        error instanceof SyntaxError
          ? 'it is no whole JSON record'
          : 'it is no record that this version knows';
      warnings.push(`line ${index + 1} of ${path} was skipped: ${why}`);
    }
  }
  return { records, warnings };
}

function journalError(verb: 'read' | 'write', path: string, cause: unknown): ElbProxyError {
  return new ElbProxyError(
    `the journal ${path} can't be ${verb === 'read' ? 'read' : 'written'}: ${reasonOf(cause)}`,
    {
      code: 'journal',
      fault: 'user',
      hint: 'nothing is changed without a journal; make the directory writable, or name another with ELB_PROXY_STATE_DIR',
      cause,
    },
  );
}
