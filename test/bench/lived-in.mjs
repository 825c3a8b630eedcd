/** A machine on which this program has been used for a while: what its figures are taken on. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocal } from '../../dist/local/index.js';
import { bin, environment, timeOnce } from './measure.mjs';

/** How many settled changes the journal of a benchmark holds. */
export const settledChanges = 1_000;

/**
 * Makes `copies` state directories with a thousand settled changes, or as many as are asked for: one that the program itself
 * made here, so that the records are those of this version, over and over under other ids; and then one more of its own, so
 * that the files are as the program leaves them: beyond a thousand, changes are in a file of the day.
 *
 * @returns the directories
 */
export async function livedIn(folder, copies = 1, changes = settledChanges) {
  const origin = join(folder, `origin-${changes}`);
  await change(origin);
  const one = readFileSync(journalIn(origin), 'utf8');
  const { changeId } = JSON.parse(one.split('\n')[0]);
  const journal = Array.from({ length: changes - 1 }, (_, index) =>
    one.replaceAll(changeId, `20250101-000000-${index.toString(16).padStart(6, '0')}`),
  ).join('');
  const directories = Array.from({ length: copies }, (_, index) => join(folder, `state-${changes}-${index}`));
  for (const directory of directories) {
    mkdirSync(directory, { mode: 0o700 });
    writeFileSync(journalIn(directory), journal, { mode: 0o600 });
    await change(directory);
  }
  return directories;
}

const journalIn = (directory) => join(directory, 'journal.jsonl');

/** A change that the program makes. */
async function change(directory) {
  const local = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  try {
    const env = environment(local.endpoint, { ELB_PROXY_STATE_DIR: directory });
    await timeOnce([process.execPath, bin, 'enable', 'web', '--port', '8443', '--yes'], env);
  } finally {
    await local.close();
  }
}

/** What the tables say of it. */
export const onWhat = `a journal of ${settledChanges.toLocaleString('en')} settled changes, without NODE_EXTRA_CA_CERTS`;
