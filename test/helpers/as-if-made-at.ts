import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What has an endpoint. */
interface At {
  readonly endpoint: string;
}

/**
 * Lets the changes of a state directory have been made at another endpoint: a relay that broke a run is out of the way of
 * what comes after it, which would be refused elsewhere than where the change was made.
 */
export async function asIfMadeAt(stateDirectory: string, was: At, is: At): Promise<void> {
  const path = join(stateDirectory, 'journal.jsonl');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll(JSON.stringify(was.endpoint), JSON.stringify(is.endpoint)));
}
