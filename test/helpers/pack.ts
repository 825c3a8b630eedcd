import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A package as npm would get it. */
export interface Packed {
  readonly tarball: string;
  /** What is in it. */
  readonly paths: readonly string[];
}

/** Packs a checkout that is built, as `npm publish` would; the one that the tests run in where none is named. */
export async function pack(into: string, checkout = process.cwd()): Promise<Packed> {
  const argv = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
  const { stdout } = await promisify(execFile)('npm', argv, { cwd: checkout });
  const packed = JSON.parse(stdout);
  const [{ filename, files }] = Array.isArray(packed) ? packed : Object.values<typeof packed>(packed);
  return { tarball: join(into, filename), paths: files.map(({ path }: { path: string }) => path) };
}
