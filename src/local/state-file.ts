import { access, constants, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
// @ts-ignore -- the package brings no types
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import { errorMessage } from './error-message.js';
import { LocalElbError } from './local-elb-error.js';
import type { State } from './shapes.js';
import { emptyState, stateSchema } from './state.js';

const write: (
  path: string,
  text: string,
  options: { readonly mode: number; readonly fsync: boolean },
) => Promise<void> = writeFileAtomic;

/** Where a value stands in a document, and what is wrong with it: `loadBalancers[0].listeners: …`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'not valid';
  const path = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

const damaged = (path: string, what: string, cause?: unknown): LocalElbError =>
  new LocalElbError(
    'StateFileInvalid',
    `The state file ${path} is damaged: ${what}. It was left as it is; repair it, or start with another file.`,
    { cause },
  );

const unusable = (path: string, what: string, cause: unknown): LocalElbError =>
  new LocalElbError('StateFileInvalid', `The state file ${path} ${what}: ${errorMessage(cause)}.`, { cause });

/**
 * The state that a file holds; a file that is not there yet gives an empty one. Its folder has to be there and take
 * new files, since each change is written beside it first: better said now than by the first change.
 */
export async function readStateFile(path: string): Promise<State> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw unusable(path, 'cannot be written', error);
  });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return emptyState;
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

/** Writes the state beside the file, syncs it to the disk and puts it in the file's place. */
export async function writeStateFile(path: string, state: State): Promise<void> {
  await write(path, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, fsync: true });
}
