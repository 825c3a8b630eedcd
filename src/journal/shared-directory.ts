import { stat } from 'node:fs/promises';

/** Set-group-id and writable for the group: someone meant this directory for several users. */
const sharedBits = 0o2020;

/** Whether a state directory is shared among the users of its group; any other is its owner's alone. */
export async function isShared(directory: string): Promise<boolean> {
  return ((await stat(directory)).mode & sharedBits) === sharedBits;
}
