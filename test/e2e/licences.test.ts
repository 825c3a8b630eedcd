import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const licences = await readFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
const sbom = await readFile(join(root, 'dist/sbom.cdx.json'), 'utf8');

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
}
const components: readonly Component[] = JSON.parse(sbom).components;
const nameOf = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

/** The packages that our own sources import something from at run time. */
async function imported(): Promise<ReadonlySet<string>> {
  const src = join(root, 'src');
  const files = (await readdir(src, { recursive: true })).filter((path) => /(?<!\.d)\.ts$/.test(path));
  const sources = await Promise.all(files.map((path) => readFile(join(src, path), 'utf8')));
  const specifiers = sources.flatMap((source) =>
    [
      ...source.matchAll(
        /(?:^(?:import|export) (?!type)[^;]*? from |import\()'((?:@[^/']+\/)?[^./'][^/']*)/gm,
      ),
    ].map(([, name = '']) => name),
  );
  return new Set(specifiers.filter((name) => !name.startsWith('node:')));
}

it('the bill of materials is a CycloneDX document', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(sbom)).toBeNull();
  const [first] = components;
  const wrong = { ...JSON.parse(sbom), components: [{ ...first, licenses: [{ license: { id: 'Any' } }] }] };
  expect(await validator.validate(JSON.stringify(wrong))).not.toBeNull();
});

it('whatever our sources import from others is in it', async () => {
  const names = new Set(components.map(nameOf));
  const needed = await imported();
  expect(needed).toContain('@aws-sdk/client-elastic-load-balancing');
  expect(needed).toContain('write-file-atomic');
  expect([...needed].filter((name) => !names.has(name))).toEqual([]);
  // What those import in turn.
  expect(names).toContain('signal-exit');
});

it('each package in it has a licence with an SPDX id, and its text is in the file that ships', async () => {
  const [list = '', ...blocks] = licences.split(`${'-'.repeat(80)}\n`);
  expect(components.length).toBeGreaterThan(50);
  for (const component of components) {
    const [{ license } = { license: { id: '' } }, ...more] = component.licenses;
    expect(more).toEqual([]);
    const title = `${nameOf(component)} ${component.version} (${license.id})`;
    expect(list).toContain(`\n  ${title}\n`);
    const [block = '', ...others] = blocks.filter((text) =>
      text.split('\n\n')[0]?.split('\n').includes(title),
    );
    expect(others, title).toEqual([]);
    expect(block, title).toMatch(/Permission|Redistribution|TERMS AND CONDITIONS|Blue Oak/);
  }
});
