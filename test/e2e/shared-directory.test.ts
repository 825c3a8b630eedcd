import { accessSync, constants } from 'node:fs';
import { chmod, chown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { startService } from '../helpers/service.js';

const [ann, bob] = [
  { uid: 61_001, gid: 61_000 },
  { uid: 61_002, gid: 61_000 },
];

/** Only root can become other users, and these must be able to run Node.js. */
const isRoot = process.getuid?.() === 0;

function worldReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return !path.startsWith('/root');
  } catch {
    return false;
  }
}

async function sharedDirectory(): Promise<string> {
  const directory = await temporaryDirectory();
  await chown(directory, 0, ann.gid);
  await chmod(directory, 0o2770);
  return directory;
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('a state directory', () => {
  it('has a journal for its owner alone, even if it is open to the group without being set-group-id', async () => {
    await using service = await startService();
    const directory = await temporaryDirectory();
    await chmod(directory, 0o775);
    await elbProxy(['enable', 'web', '--port', '8443', '--yes'], { ...service, stateDirectory: directory });
    expect(await modeOf(join(directory, 'journal.jsonl'))).toBe(0o600);
    expect(await modeOf(join(directory, 'locks'))).toBe(0o700);
  });

  it('has a journal and locks for its group if it is shared, whatever the umask', async () => {
    await using service = await startService();
    const directory = await temporaryDirectory();
    await chmod(directory, 0o2770);
    const options = { ...service, stateDirectory: directory };
    await elbProxy(['enable', 'web', '--port', '8443', '--yes'], options);
    expect(await modeOf(join(directory, 'journal.jsonl'))).toBe(0o660);
    expect((await stat(join(directory, 'locks'))).mode & 0o7777).toBe(0o2770);
    await chmod(join(directory, 'journal.jsonl'), 0o666);
    await elbProxy(['undo', '--yes'], options);
    expect(await modeOf(join(directory, 'journal.jsonl'))).toBe(0o660);
  });

  it.runIf(isRoot && worldReadable(process.execPath) && worldReadable(process.cwd()))(
    'gives two users who share it one history and turns; without one, each has their own',
    async () => {
      await using service = await startService();
      const directory = await sharedDirectory();
      const as = (user: typeof ann, stateDirectory = directory) => ({ ...service, stateDirectory, user });
      const made = await elbProxy(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], as(ann));
      expect(made.code).toBe(0);
      const { changeId } = made.json();
      expect((await elbProxy(['history', changeId], as(bob))).stdout).toContain(`Change ${changeId}`);
      const undone = await elbProxy(['undo', '--yes', '-o', 'json'], as(bob));
      expect(undone.code).toBe(0);
      expect(undone.json()).toMatchObject({ outcome: 'applied' });
      expect((await elbProxy(['enable', 'web', '--port', '9443', '--yes'], as(ann))).code).toBe(0);
      expect(await readdir(join(directory, 'locks'))).toEqual([]);
      const own = await temporaryDirectory();
      await chown(own, bob.uid, bob.gid);
      const alone = await elbProxy(['history'], as(bob, own));
      expect(alone.stdout.replaceAll(/\s+/g, ' ')).toContain(
        `No change was made by this user on this machine: there is none in ${own}.`,
      );
      expect(alone.stdout).toContain('ELB_PROXY_STATE_DIR');
      const nothing = await elbProxy(['undo', '--yes'], as(bob, own));
      expect(nothing.stderr.replaceAll(/\s+/g, ' ')).toContain('no change was made by this user');
    },
  );
});
