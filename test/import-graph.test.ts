import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// The layers of the house, held over the whole graph: also what a lint rule per folder can't see, such as an import
// that is only a type, or a second way round through a third folder.

const src = fileURLToPath(new URL('../src', import.meta.url));

/** One import of one file: what it contains, and where it leads. */
interface Edge {
  readonly from: string;
  /** A file of src, or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** By `import()`: loaded when it is needed, not with the file. */
  readonly lazy: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly edges: readonly Edge[];
}

const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

/** The imports of a file: `import … from`, `export … from`, `import '…'`, `import('…')` and `import('…').T`. */
export function importsOf(path: string, text: string): readonly Edge[] {
  const statement = /^\s*(?:import|export)\s+(?<what>[^'";]*?)\s*from\s*['"](?<static>[^'"]+)['"]/gm;
  const bare = /^\s*import\s*['"](?<static>[^'"]+)['"]/gm;
  const call = /(?<type>typeof\s+)?\bimport\s*\(\s*['"](?<called>[^'"]+)['"]/g;
  const code = withoutComments(text);
  const edge = (to: string, typeOnly: boolean, lazy = false): Edge => ({
    from: path,
    to: resolved(path, to),
    typeOnly,
    lazy,
  });
  return [
    ...[...code.matchAll(statement)].map(({ groups = {} }) =>
      edge(groups['static'] ?? '', isTypeOnly(groups['what'] ?? '')),
    ),
    ...[...code.matchAll(bare)].map(({ groups = {} }) => edge(groups['static'] ?? '', false)),
    ...[...code.matchAll(call)].map(({ groups = {} }) =>
      edge(groups['called'] ?? '', groups['type'] !== undefined, true),
    ),
  ];
}

function isTypeOnly(what: string): boolean {
  if (what.startsWith('type ')) return true;
  const [, named] = /^\{([^}]*)\}$/.exec(what) ?? [];
  const names = named?.split(',').filter((name) => name.trim() !== '') ?? [];
  return names.length > 0 && names.every((name) => name.trim().startsWith('type '));
}

function resolved(from: string, to: string): string {
  return to.startsWith('.') ? posix.join(posix.dirname(from), to).replace(/\.js$/, '.ts') : to;
}

async function sources(): Promise<readonly Source[]> {
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = relative(src, file).replaceAll('\\', '/');
        const text = await readFile(file, 'utf8');
        return { path, text, edges: importsOf(path, text) };
      }),
  );
}

const all = await sources();
const edges = all.flatMap((source) => source.edges);
const paths = new Set(all.map(({ path }) => path));
const isFile = (to: string) => to.endsWith('.ts') || to.startsWith('../');

/** The folder below src that a file belongs to; the file itself if it is directly in src. */
const folderOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : path);

/** The adapters: every folder that is none of the others, so that a new one is held to their rule at once. */
const layers = new Set(['core', 'proxy-protocol', 'app', 'render', 'cli']);
const isAdapter = (folder: string) => !folder.endsWith('.ts') && !layers.has(folder);
/** What says how something looks: the ports of the use cases, and what a verification found, with its verdicts' names. */
const shapes = new Set(['app/ports.ts']);
const isPortType = ({ to, typeOnly }: Edge) => shapes.has(to) || (typeOnly && to.startsWith('app/'));

/** What each layer may import from src; itself always. */
const may: Readonly<Record<string, (edge: Edge) => boolean>> = {
  core: () => false,
  'proxy-protocol': () => false,
  app: ({ to }) => ['core', 'errors.ts'].includes(folderOf(to)),
  render: (edge) => ['core', 'errors.ts', 'version.ts'].includes(folderOf(edge.to)) || isPortType(edge),
  adapter: (edge) =>
    ['core', 'proxy-protocol', 'errors.ts', 'version.ts'].includes(folderOf(edge.to)) || isPortType(edge),
  cli: ({ to }) => folderOf(to) !== 'main.ts' && folderOf(to) !== 'index.ts',
};

const arrow = ({ from, to, typeOnly }: Edge) => `${from} → ${to}${typeOnly ? ' (type)' : ''}`;
const violations = (folder: string, allowed: (edge: Edge) => boolean) =>
  edges
    .filter(({ from, to }) => folderOf(from) === folder && isFile(to) && folderOf(to) !== folder)
    .filter((edge) => !allowed(edge))
    .map(arrow);

describe('the reader of imports', () => {
  it.each<readonly [text: string, found: readonly string[]]>([
    ["import { a } from './b.js';", ['x/b.ts']],
    ["import a from '../b.js';", ['b.ts']],
    ["import * as a from 'node:fs';", ['node:fs']],
    ["import type { A } from './b.js';", ['x/b.ts (type)']],
    ["import { type A, type B } from './b.js';", ['x/b.ts (type)']],
    ["import { type A, b } from './b.js';", ['x/b.ts']],
    ["import {\n  type A,\n  b,\n} from './b.js';", ['x/b.ts']],
    ["import './b.js';", ['x/b.ts']],
    ["export { a } from './b.js';", ['x/b.ts']],
    ["export type { A } from './b.js';", ['x/b.ts (type)']],
    ["export * from './b.js';", ['x/b.ts']],
    ["const a = await import('./b.js');", ['x/b.ts']],
    ["load: async () => (await import('./b.js')).b,", ['x/b.ts']],
    ["let a: typeof import('./b.js');", ['x/b.ts (type)']],
    ["// import { a } from './b.js';\n/* import('./b.js') */", []],
    ["const text = 'import from there';", []],
  ])('sees in %j: %j', (text, found) => {
    expect(importsOf('x/a.ts', text).map((edge) => arrow(edge).replace('x/a.ts → ', ''))).toEqual(found);
  });

  it('sees the whole house: each file, and no import that leads nowhere', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(edges.length).toBeGreaterThan(all.length);
    expect(edges.filter(({ to }) => isFile(to) && !paths.has(to)).map(arrow)).toEqual([]);
  });
});

describe('layers', () => {
  const folders = [...new Set(all.map(({ path }) => folderOf(path)))].filter((name) => !name.endsWith('.ts'));

  it.each(folders.toSorted())('src/%s imports what its layer may', (folder) => {
    const allowed = may[isAdapter(folder) ? 'adapter' : folder];
    expect(allowed).toBeDefined();
    expect(violations(folder, allowed ?? (() => false))).toEqual([]);
  });

  it('errors and version are below everything', () => {
    for (const file of ['errors.ts', 'version.ts']) {
      expect(all.find(({ path }) => path === file)?.edges).toEqual([]);
    }
  });

  it('nothing imports main, and cli is imported by main alone', () => {
    expect(edges.filter(({ to }) => to === 'main.ts').map(arrow)).toEqual([]);
    expect(
      edges
        .filter(({ from, to }) => folderOf(to) === 'cli' && folderOf(from) !== 'cli' && from !== 'main.ts')
        .map(arrow),
    ).toEqual([]);
  });

  it('adapters do not know each other', () => {
    const between = edges.filter(
      ({ from, to }) =>
        isFile(to) && isAdapter(folderOf(from)) && isAdapter(folderOf(to)) && folderOf(from) !== folderOf(to),
    );
    expect(between.map(arrow)).toEqual([]);
  });

  it('no file imports itself by way of others, not even a type or later', () => {
    const graph = new Map(
      all.map(({ path, edges: own }) => [path, own.filter(({ to }) => paths.has(to)).map(({ to }) => to)]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      if (way.includes(path) || done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
      done.add(path);
    };
    for (const path of paths) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

describe('packages', () => {
  const uses = (folder: string, packages: RegExp) =>
    edges.filter(({ from, to }) => folderOf(from) === folder && !isFile(to) && packages.test(to)).map(arrow);

  it('of core are a hash and the schema of what comes from disk; it has no I/O and no clock', () => {
    expect(uses('core', /^(?!node:crypto$|zod$)/)).toEqual([]);
    const clocks = all.filter(
      ({ path, text }) =>
        folderOf(path) === 'core' &&
        /\bDate\.now\(|new Date\(\)|\bsetTimeout\(|Math\.random\(/.test(withoutComments(text)),
    );
    expect(clocks.map(({ path }) => path)).toEqual([]);
  });

  it('of app are none of Node’s and none of the SDK', () => {
    expect(uses('app', /^(?:node:|@aws-sdk|@smithy)/)).toEqual([]);
  });

  it('of render are none that do I/O', () => {
    expect(uses('render', /^(?:node:|@aws-sdk|@smithy|inquirer|yargs-parser)/)).toEqual([]);
  });

  it('of proxy-protocol are Node’s own alone: it has no dependency at all', () => {
    expect(uses('proxy-protocol', /^(?!node:)/)).toEqual([]);
  });

  it('of AWS are used by the aws adapter alone', () => {
    const elsewhere = edges.filter(
      ({ from, to }) => /^@(?:aws-sdk|smithy)\//.test(to) && !['aws', 'local'].includes(folderOf(from)),
    );
    expect(elsewhere.map(arrow)).toEqual([]);
  });

  it('that parse and prompt are known to one file each', () => {
    const users = (library: string) => edges.filter(({ to }) => to === library).map(({ from }) => from);
    expect(users('yargs-parser')).toEqual(['cli/parse.ts']);
    expect(users('inquirer')).toEqual(['cli/prompts/inquirer-prompter.ts']);
  });
});

describe('the process', () => {
  it('is touched by main and cli/io alone: no process, no console', () => {
    const touching = all.filter(
      ({ path, text }) =>
        // The adapter runs in other people's processes, and warns as Node.js does; a journal names who writes it.
        !['main.ts', 'cli/io.ts', 'proxy-protocol/warn-of-twin.ts', 'journal/processes.ts'].includes(path) &&
        (/(?<![.\w'"`-])(?:process|console)\s*(?:\.|\[)/.test(withoutComments(text)) ||
          /from\s*['"](?:node:)?(?:process|console)['"]/.test(text)),
    );
    expect(touching.map(({ path }) => path)).toEqual([]);
  });
});

describe('files', () => {
  it('of src have 300 lines at most', () => {
    const long = all
      .map(({ path, text }) => [path, text.split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 300);
    expect(long).toEqual([]);
  });

  it('have no default export, but where another package wants one', () => {
    const withDefault = all.filter(({ text }) =>
      /^export default\b|\bas default\b/m.test(withoutComments(text)),
    );
    expect(withDefault.map(({ path }) => path).filter((path) => dirname(path) !== 'cli')).toEqual([]);
    expect(withDefault.length).toBeLessThanOrEqual(2);
  });

  it('are in folders that are named after something of this domain', () => {
    const vague = [...paths].filter((path) =>
      /(?:^|\/)(?:utils?|helpers?|services?|managers|common|misc|shared)\//.test(path),
    );
    expect(vague).toEqual([]);
  });
});
