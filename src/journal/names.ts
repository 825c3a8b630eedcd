import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './journal-file.js';

/** The files of a journal in a directory. */
export interface JournalNames {
  readonly directory: string;
  /** Where records are appended. */
  readonly journal: string;
  /** The journal while settled changes are taken out of it: then there is no other. */
  readonly moved: string;
  /** Exists while a run moves them. */
  readonly claim: string;
  /** From where on the journal must be read to find new or unfinished changes. */
  readonly settled: string;
}

/** The names in a state directory. */
export function journalNames(directory: string): JournalNames {
  return {
    directory,
    journal: join(directory, 'journal.jsonl'),
    moved: join(directory, 'journal.moved.jsonl'),
    claim: join(directory, 'journal.claim'),
    settled: join(directory, 'journal.settled.json'),
  };
}

/** The file of a day to which settled changes are moved, or with `unique` one that is not there yet. */
export function archiveName(directory: string, now: Date, unique = false): string {
  const more = unique ? `-${randomBytes(4).toString('hex')}` : '';
  return join(directory, `journal-${now.toISOString().slice(0, 10)}${more}.jsonl`);
}

/** A file that is to take the place of another. */
export function newName(directory: string): string {
  return join(directory, `journal.${randomBytes(4).toString('hex')}.new`);
}

/** The files of settled changes, oldest first. */
export async function archives(directory: string): Promise<readonly string[]> {
  const names = (await ifThere(readdir(directory))) ?? [];
  return names
    .filter((name) => /^journal-\d{4}-\d\d-\d\d(?:-[0-9a-f]+)?\.jsonl$/.test(name))
    .toSorted()
    .map((name) => join(directory, name));
}
