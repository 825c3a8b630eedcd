import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { topics } from '../../src/cli/topics/topics.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { blocksOf } from '../readme/blocks.js';
import { pagePaths, readmePath, readPage, topicPaths, walkThroughPath } from '../readme/pages.js';
import { picturePath, terminalPicture } from '../readme/terminal-picture.js';
import { timeless } from '../readme/timeless.js';
import { asWritten, checkPages, typePages } from '../readme/type-pages.js';

/** The kinds of blocks that the README and the manual may have, and what holds each. A block of no such kind is held by nothing. */
const heldBy: Readonly<Record<string, string>> = {
  sh: 'run here; exit code 0',
  text: 'what the sh block above it prints',
  console: 'run here; what it prints',
  bash: 'peers/network-weights.test.ts: run, with requests on the way',
  ts: 'readme-code.test.ts: compiled and run',
  yaml: 'readme-recipes.test.ts: parsed, its steps run',
  crontab: 'readme-recipes.test.ts: parsed, its command run',
  nginx: 'peers/readme-proxies.test.ts: nginx -t, and run behind `local`',
  haproxy: 'peers/readme-proxies.test.ts: haproxy -c, and run behind `local`',
  erlang: 'peers/readme-erlang.test.ts: compiled, and run behind `local` and HAProxy',
  '': 'no commands: the picture of the layers',
};

const prose = (path: string): string => readPage(path).replaceAll(/^```[\s\S]*?^```$/gm, '');

describe('the README', () => {
  it('has at most 300 lines and 18 kB', () => {
    const readme = readPage(readmePath);
    expect(readme.split('\n').length - 1).toBeLessThanOrEqual(300);
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(18_000);
  });

  it('names every topic of the manual', () => {
    const [, listed = ''] = /in \[src\/cli\/topics\][^:]*: ([^.]*)\./.exec(prose(readmePath)) ?? [];
    expect(listed.split(', ').toSorted()).toEqual(Object.keys(topics).toSorted());
  });

  it('has a picture of what the program prints now', async () => {
    expect(/!\[[^\]]*\]\(([^)]*)\)/.exec(readPage(readmePath))?.[1]).toBe(picturePath);
    const [shown, real] = [await readFile(picturePath, 'utf8').catch(() => ''), await terminalPicture()];
    if (process.env['UPDATE_README'] === '1' && timeless(shown) !== timeless(real)) {
      await writeFile(picturePath, real);
    }
    expect(timeless(await readFile(picturePath, 'utf8'))).toBe(timeless(real));
  });

  it('states the size of the package', async () => {
    const [, download, unpacked] =
      /less than (\d+) MB to download and less than (\d+) MB unpacked/.exec(readPage(readmePath)) ?? [];
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { encoding: 'utf8' }),
    );
    const [{ size, unpackedSize }] = Array.isArray(packed) ? packed : Object.values<typeof packed>(packed);
    expect(size).toBeLessThan(Number(download) * 1e6);
    expect(unpackedSize).toBeLessThan(Number(unpacked) * 1e6);
  });
});

describe('the README and the manual', () => {
  it('are held by tests, block by block', async () => {
    const languages = new Set(
      pagePaths.flatMap((path) => blocksOf(readPage(path)).map(({ language }) => language)),
    );
    expect([...languages].toSorted()).toEqual(Object.keys(heldBy).toSorted());
    const ci = await readFile('.ci/run', 'utf8');
    expect(ci).toContain('\nnpm ci\nnpm test\n');
  });

  it.skipIf(!asWritten)(
    'show what their commands really print, copied into one shell, the walk-through first',
    async () => {
      const first = [walkThroughPath, 'src/cli/topics/downtime.md'];
      const others = pagePaths.filter((path) => path !== readmePath && !first.includes(path));
      const pages = await typePages([...first, ...others]);
      await checkPages(pages);
      expect(pages.flatMap(({ said }) => said).length).toBeGreaterThan(25);
    },
    400_000,
  );

  it('have links that lead to sections, files and folders', async () => {
    const links = pagePaths.flatMap((path) =>
      [...prose(path).matchAll(/\]\(([^)]*)\)/g)].map(([, to = '']) => ({ path, to })),
    );
    expect(links.length).toBeGreaterThan(20);
    for (const { path, to } of links.filter(({ to: address }) => !address.startsWith('https://'))) {
      const [file = '', section] = to.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      expect({ path, to, there: existsSync(target) }).toEqual({ path, to, there: true });
      if (section !== undefined) expect(sectionsOf(target), `${path}: ${to}`).toContain(section);
    }
  });

  it('name only commands, options and topics that there are', async () => {
    const named = new Map<string, Set<string>>();
    const asked = new Set<string>();
    for (const path of pagePaths) {
      for (const [, verb = '', rest = ''] of prose(path).matchAll(/`elb-proxy ([a-z-]+)([^`]*)`/g)) {
        if (verb === 'help' && rest !== '') asked.add(rest.trim());
        const options = rest.split(' -- ')[0]?.match(/(?<= )--?[a-z-]+/g) ?? [];
        named.set(verb, new Set([...(named.get(verb) ?? []), ...options]));
      }
    }
    expect(named.size).toBeGreaterThan(8);
    for (const [verb, options] of named) {
      const { code, stdout } = await elbProxyHere([verb, '--help']);
      expect({ verb, code }).toEqual({ verb, code: 0 });
      const known = new Set(stdout.match(/(?<= )--?[a-z-]+/g));
      expect({ verb, unknown: [...options].filter((option) => !known.has(option)) }).toEqual({
        verb,
        unknown: [],
      });
    }
    expect(asked.size).toBeGreaterThan(5);
    expect([...asked].filter((topic) => topic !== 'TOPIC' && !Object.hasOwn(topics, topic))).toEqual([]);
  });
});

describe('the manual', () => {
  it('has one file for each topic, and no other', () => {
    const files = readdirSync('src/cli/topics').filter((name) => name.endsWith('.md'));
    expect(files.map((name) => `src/cli/topics/${name}`).toSorted()).toEqual(topicPaths.toSorted());
  });

  it('is listed by help, and each of its topics is printed, as text and as it is written', async () => {
    const { stdout: list } = await elbProxyHere(['help']);
    for (const [name, about] of Object.entries(topics)) {
      expect(list).toMatch(new RegExp(`^  ${name} +${about.replaceAll(/[()?"]/g, '.')}$`, 'm'));
      const [text, markdown, json] = await Promise.all([
        elbProxyHere(['help', name], { env: { COLUMNS: '80' } }),
        elbProxyHere(['help', name, '-o', 'markdown']),
        elbProxyHere(['help', name, '-o', 'json']),
      ]);
      const written = readPage(`src/cli/topics/${name}.md`);
      expect([text.code, markdown.stdout], name).toEqual([0, written]);
      expect(json.json()).toEqual({ formatVersion: 1, topic: name, help: written });
      expect(text.stdout, name).not.toMatch(/\*\*|^\||^```/m);
      // Code is not broken, nor is an address.
      const long = text.stdout
        .split('\n')
        .filter((line) => line.length > 80 && !line.startsWith('    ') && !line.includes('https://'));
      expect(long, name).toEqual([]);
    }
  });

  it('has no other topic: help of one is an error that names what is near', async () => {
    const { code, stderr } = await elbProxyHere(['help', 'hazard']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('did you mean elb-proxy help hazards?')]);
  });
});

/** As GitHub makes them: https://github.com/gjtorikian/html-pipeline, TableOfContentsFilter. */
function sectionsOf(path: string): readonly string[] {
  return [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
