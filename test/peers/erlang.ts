import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findPeer } from './peer.js';
import type { Stage } from './verify-servers.js';

const howToGet = 'apt-get install --no-install-recommends rabbitmq-server';
const erl = findPeer('erl', howToGet);
const erlc = findPeer('erlc', howToGet);
const libraries = erl === undefined || erlc === undefined ? [] : findLibraries();

/** Whether Erlang is on this machine, with ranch and cowboy. */
export const hasCowboy = libraries.length > 0;

/** Where ranch, cowboy and cowlib are, compiled: Debian has them among RabbitMQ's plugins only. */
function findLibraries(): readonly string[] {
  const root = '/usr/lib/rabbitmq/lib';
  const folders = existsSync(root)
    ? readdirSync(root).flatMap((version) => {
        const plugins = join(root, version, 'plugins');
        return readdirSync(plugins).map((name) => join(plugins, name, 'ebin'));
      })
    : [];
  const found = folders.filter((folder) => /\/(ranch|cowboy|cowlib)-[^/]*\/ebin$/.test(folder));
  if (found.length === 3) return found;
  const missing = `ranch, cowboy and cowlib are not in ${root}; to get them: ${howToGet}`;
  if (process.env['CI'] === 'true') throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return [];
}

/** An Erlang module with cowboy. */
export interface CowboyProgram {
  readonly module: string;
  readonly source: string;
  /** What starts it: `hello:start().` */
  readonly start: string;
  /** Arguments of `erl` besides. */
  readonly argv?: readonly string[];
}

/** Compiles a module and runs it until all of the ports can be connected to. */
export async function runCowboy(
  stage: Stage,
  { module, source, start, argv = [] }: CowboyProgram,
  ports: readonly number[],
): Promise<void> {
  if (erl === undefined || erlc === undefined) throw new Error('there is no Erlang');
  const paths = libraries.flatMap((folder) => ['-pa', folder]);
  const file = await stage.file(`${module}.erl`, source);
  execFileSync(erlc, ['-Werror', ...paths, file], { cwd: stage.folder });
  const run = ['-noshell', '-noinput', '-pa', stage.folder, ...paths, ...argv];
  await stage.run(
    erl,
    [...run, '-eval', `{ok, _} = application:ensure_all_started(cowboy), ${start}`],
    ports,
  );
}
