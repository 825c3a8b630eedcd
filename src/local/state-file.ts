import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
// @ts-ignore -- the package brings no types
import writeFileAtomic from 'write-file-atomic';
import { codeOf, reasonOf } from '../errors.js';
import { firstIssue } from './first-issue.js';
import { LocalElbError } from './local-elb-error.js';
import type { State } from './shapes.js';
import { emptyState, stateSchema } from './state.js';

const write: (
  path: string,
  text: string,
  options: { readonly mode: number; readonly fsync: boolean },
) => Promise<void> = writeFileAtomic;

const damaged = (path: string, what: string, cause?: unknown): LocalElbError =>
  new LocalElbError(
    'StateFileInvalid',
    `The state file ${path} is damaged: ${what}. It was left as it is; repair it, or start with another file.`,
    { cause },
  );

const unusable = (path: string, what: string, cause: unknown): LocalElbError =>
  new LocalElbError('StateFileInvalid', `The state file ${path} ${what}: ${reasonOf(cause)}.`, { cause });

/**
 * The state that a file holds; a file that is not there yet gives an empty one. Its folder has to be there and take
 * new files, since each change is written beside it first: better to fail now than at the first change.
 */
async function readState(path: string): Promise<State> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw unusable(path, 'cannot be written', error);
  });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return emptyState;
    throw unusable(path, 'cannot be read', error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, 'it is not JSON', error);
  }
  const result = stateSchema.safeParse(value);
  if (!result.success) throw damaged(path, firstIssue(result.error), result.error);
  return result.data;
}

/** Changes whenever the file is written; undefined if there is no file. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return [ino, mtimeMs, size].join();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file that one service keeps its state in. */
export interface StateFile {
  readonly read: () => Promise<State>;
  /**
   * Writes the state beside the file, syncs it to the disk and puts it in the file's place.
   *
   * @throws when another program, such as a second service, has written the file since: its changes would be lost
   */
  readonly write: (state: State) => Promise<void>;
}

/** The state file at a path. */
export function stateFileAt(path: string): StateFile {
  let known: string | undefined;
  return {
    read: async () => {
      known = await identityOf(path).catch(() => undefined);
      return readState(path);
    },
    write: async (state) => {
      const present = await identityOf(path);
      if (present !== undefined && present !== known) {
        throw new Error('another program has written it since; start again to go on from there');
      }
      await write(path, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, fsync: true });
      known = await identityOf(path);
    },
  };
}
