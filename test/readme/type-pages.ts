import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { findPeer } from '../peers/peer.js';
import { type Block, blocksOf, commandsOf } from './blocks.js';
import { readPage } from './pages.js';
import { type Said, shellSession } from './shell-session.js';
import { timeless } from './timeless.js';

/** `npm ci` is how a checkout gets ready: .ci/run does it, then the tests. A clone is made ready by the test. */
const byContinuousIntegration = /^npm ci(?: && npm test)?$/;

/** From these versions on the AWS CLI reads the endpoint from the environment; Debian 12's 2.9 does not. */
const readsEndpoint = { 1: 29, 2: 13 } as const;
const aws = withEndpoint(findPeer('aws', 'apt-get install awscli'));
const curl = findPeer('curl', 'apt-get install curl');
// A client at 127.0.0.2, and load balancers at 127.0.1.x, are Linux's.
/** Whether this machine is one that the pages are written for. */
export const asWritten = process.platform === 'linux' && curl !== undefined;

function withEndpoint(found: string | undefined): string | undefined {
  if (found === undefined) return undefined;
  const version = execFileSync(found, ['--version'], { encoding: 'utf8' });
  const [, major = '', minor = ''] = /^aws-cli\/(\d+)\.(\d+)\./.exec(version) ?? [];
  if (Number(minor) >= (readsEndpoint[major as '1' | '2'] ?? 0)) return found;
  console.log(`left out: ${version.trim()} does not read AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING`);
  return undefined;
}

/** The commands of a block that are typed into the session. */
export function typedOf(language: string, text: string): readonly string[] {
  const commands =
    language === 'console'
      ? text.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []))
      : language === 'sh'
        ? commandsOf(text)
        : [];
  return commands
    .filter(
      (command) =>
        !byContinuousIntegration.test(command) && !(aws === undefined && command.includes('-- aws ')),
    )
    .map((command) => command.replace(/^npm ci && /, ''));
}

/** What a block of output shows, by what its commands, or those of the block above it, printed. */
function printed(
  { language, text }: Block,
  here: readonly Said[],
  above: readonly Said[],
): string | undefined {
  if (language === 'console' && here.length > 0) {
    // What is not run here stays as it is.
    const parts = text.trimEnd().split(/\n\n(?=\$ )/);
    return parts
      .map((part) => here.find(({ command }) => part.split('\n', 1)[0] === `$ ${command}`) ?? part)
      .map((part) => (typeof part === 'string' ? part : `$ ${part.command}\n${part.output}`.trimEnd()))
      .join('\n\n');
  }
  if (language === 'text')
    return above
      .map(({ output }) => output)
      .join('')
      .trimEnd();
  return undefined;
}

/** A page with what its commands print. */
export interface Ran {
  readonly path: string;
  readonly said: readonly Said[];
  readonly page: string;
  readonly real: string;
}

/** Types the commands of pages, one page after the other, into one shell. */
export async function typePages(
  paths: readonly string[],
  session: (commands: readonly string[]) => Promise<readonly Said[]> = shellSession,
): Promise<readonly Ran[]> {
  const typed = (path: string) =>
    blocksOf(readPage(path)).flatMap(({ language, text }) => typedOf(language, text));
  const said = await session(paths.flatMap(typed));
  let next = 0;
  return paths.map((path) => ranPage(path, said.slice(next, (next += typed(path).length))));
}

/** A page with what its commands printed instead of its present output. */
function ranPage(path: string, said: readonly Said[]): Ran {
  const page = readPage(path);
  let [real, from, next] = ['', 0, 0];
  let above: readonly Said[] = [];
  for (const block of blocksOf(page)) {
    const { language, text, from: start, to } = block;
    const here = said.slice(next, (next += typedOf(language, text).length));
    const shown = printed(block, here, above);
    above = here;
    if (shown === undefined) continue;
    real += `${page.slice(from, start)}${shown}\n`;
    from = to;
  }
  return { path, said, page, real: real + page.slice(from) };
}

/** What was printed must be what the page says; where only identifiers and times differ, that is kept. */
export async function checkPages(pages: readonly Ran[]): Promise<void> {
  for (const { path, said, page, real } of pages) {
    const silent = said.filter(({ command, code }) => code !== 0 && !real.includes(`$ ${command}\n`));
    expect(silent, `sh blocks of ${path}`).toEqual([]);
    if (process.env['UPDATE_README'] === '1' && timeless(page) !== timeless(real))
      await writeFile(path, real);
    expect(timeless(readPage(path)), path).toBe(timeless(real));
  }
}
