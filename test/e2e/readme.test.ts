import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { elbProxy } from '../helpers/elb-proxy.js';
import { findPeer } from '../peers/peer.js';
import { type Block, blocksOf, commandsOf } from '../readme/blocks.js';
import { type Said, shellSession } from '../readme/shell-session.js';
import { picturePath, terminalPicture } from '../readme/terminal-picture.js';
import { timeless } from '../readme/timeless.js';

const path = 'README.md';

/** The kinds of blocks that the README may have, and what holds each. A block of no such kind is held by nothing. */
const heldBy: Readonly<Record<string, string>> = {
  sh: 'run here; exit code 0',
  text: 'what the sh block above it prints',
  console: 'run here; what it prints',
  ts: 'readme-code.test.ts: compiled and run',
  yaml: 'readme-recipes.test.ts: parsed, its steps run',
  crontab: 'readme-recipes.test.ts: parsed, its command run',
  nginx: 'peers/readme-proxies.test.ts: nginx -t, and run behind `local`',
  haproxy: 'peers/readme-proxies.test.ts: haproxy -c, and run behind `local`',
  erlang: 'peers/readme-erlang.test.ts: compiled, and run behind `local` and HAProxy',
  '': 'no commands: the picture of the layers',
};

/** `npm ci` is how a checkout gets ready: .ci/run does it, then the tests; so is the block of the two commands. */
const byContinuousIntegration = /^npm ci\b/;

/** From these versions on the AWS CLI reads the endpoint from the environment; Debian 12's 2.9 does not. */
const readsEndpoint = { 1: 29, 2: 13 } as const;
const aws = withEndpoint(findPeer('aws', 'apt-get install awscli'));
const curl = findPeer('curl', 'apt-get install curl');
// A client at 127.0.0.2, and load balancers at 127.0.1.x, are Linux's.
const asWritten = process.platform === 'linux' && curl !== undefined;

function withEndpoint(found: string | undefined): string | undefined {
  if (found === undefined) return undefined;
  const version = execFileSync(found, ['--version'], { encoding: 'utf8' });
  const [, major = '', minor = ''] = /^aws-cli\/(\d+)\.(\d+)\./.exec(version) ?? [];
  if (Number(minor) >= (readsEndpoint[major as '1' | '2'] ?? 0)) return found;
  console.log(`left out: ${version.trim()} does not read AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING`);
  return undefined;
}

/** The commands of a block that are typed into the session. */
function typedOf(language: string, text: string): readonly string[] {
  const commands =
    language === 'console'
      ? text.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []))
      : language === 'sh'
        ? commandsOf(text)
        : [];
  return commands.filter(
    (command) =>
      !byContinuousIntegration.test(command) && !(aws === undefined && command.includes('-- aws ')),
  );
}

/** What stands in a block of output, by what its commands, or those of the block above it, printed. */
function printed(
  { language, text }: Block,
  here: readonly Said[],
  above: readonly Said[],
): string | undefined {
  if (language === 'console' && here.length > 0) {
    // What is not run here stays as it stands there.
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

/** Runs the commands of all blocks, from top to bottom, in one shell; gives the README with what they print. */
async function run(readme: string): Promise<{ readonly said: readonly Said[]; readonly real: string }> {
  const blocks = blocksOf(readme);
  const said = await shellSession(blocks.flatMap(({ language, text }) => typedOf(language, text)));
  let [real, from, next] = ['', 0, 0];
  let above: readonly Said[] = [];
  for (const block of blocks) {
    const { language, text, from: start, to } = block;
    const here = said.slice(next, (next += typedOf(language, text).length));
    const shown = printed(block, here, above);
    above = here;
    if (shown === undefined) continue;
    real += `${readme.slice(from, start)}${shown}\n`;
    from = to;
  }
  return { said, real: real + readme.slice(from) };
}

describe('the README', () => {
  it('is held by tests, block by block', async () => {
    const languages = new Set(blocksOf(await readFile(path, 'utf8')).map(({ language }) => language));
    expect([...languages].sort()).toEqual(Object.keys(heldBy).sort());
    const ci = await readFile('.ci/run', 'utf8');
    expect(ci).toContain('\nnpm ci\nnpm test\n');
  });

  it.skipIf(!asWritten)(
    'shows what its commands really print, copied into one shell',
    async () => {
      const readme = await readFile(path, 'utf8');
      const { said, real } = await run(readme);
      const silent = said.filter(({ command, code }) => code !== 0 && !real.includes(`$ ${command}\n`));
      expect(silent, 'sh blocks').toEqual([]);
      // Where only identifiers and times would change, it stays as it is.
      if (process.env['UPDATE_README'] === '1' && timeless(readme) !== timeless(real))
        await writeFile(path, real);
      expect(timeless(await readFile(path, 'utf8'))).toBe(timeless(real));
      expect(said.length).toBeGreaterThan(25);
    },
    400_000,
  );

  it('has a picture of what the program prints now', async () => {
    const readme = await readFile(path, 'utf8');
    expect(/!\[[^\]]*\]\(([^)]*)\)/.exec(readme)?.[1]).toBe(picturePath);
    const [shown, real] = [await readFile(picturePath, 'utf8').catch(() => ''), await terminalPicture()];
    if (process.env['UPDATE_README'] === '1' && timeless(shown) !== timeless(real)) {
      await writeFile(picturePath, real);
    }
    expect(timeless(await readFile(picturePath, 'utf8'))).toBe(timeless(real));
  });

  it('has links that lead to its sections', async () => {
    const readme = await readFile(path, 'utf8');
    // As GitHub makes them: https://github.com/gjtorikian/html-pipeline, TableOfContentsFilter.
    const sections = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...readme.matchAll(/\]\(#([^)]*)\)/g)].map(([, section]) => section);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((section) => !sections.includes(section ?? ''))).toEqual([]);
  });

  it('names only commands and options that there are', async () => {
    const readme = (await readFile(path, 'utf8')).replaceAll(/^```[\s\S]*?^```$/gm, '');
    const named = new Map<string, Set<string>>();
    for (const [, verb = '', rest = ''] of readme.matchAll(/`elb-proxy ([a-z-]+)([^`]*)`/g)) {
      const options = rest.split(' -- ')[0]?.match(/(?<= )--?[a-z-]+/g) ?? [];
      named.set(verb, new Set([...(named.get(verb) ?? []), ...options]));
    }
    expect(named.size).toBeGreaterThan(8);
    for (const [verb, options] of named) {
      const { code, stdout } = await elbProxy([verb, '--help']);
      expect({ verb, code }).toEqual({ verb, code: 0 });
      const known = new Set(stdout.match(/(?<= )--?[a-z-]+/g));
      expect({ verb, unknown: [...options].filter((option) => !known.has(option)) }).toEqual({
        verb,
        unknown: [],
      });
    }
  });

  it('tells the size of the package', async () => {
    const readme = await readFile(path, 'utf8');
    const [, download, unpacked] =
      /less than (\d+) MB to download and less than (\d+) MB unpacked/.exec(readme) ?? [];
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { encoding: 'utf8' }),
    );
    const [{ size, unpackedSize }] = Array.isArray(packed) ? packed : Object.values<typeof packed>(packed);
    expect(size).toBeLessThan(Number(download) * 1e6);
    expect(unpackedSize).toBeLessThan(Number(unpacked) * 1e6);
  });
});
