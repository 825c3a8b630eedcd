// What of others is in the bundle, from esbuild's own account of it: their licences, which have to come along with
// their code, and the same list for machines (CycloneDX).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const own = JSON.parse(readFileSync('package.json', 'utf8'));

/** Licences that ask no more of us than to be shipped. Any other is to be looked at by a person first. */
const permissive = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);

/** Writes both files into dist, from the metafiles of all that was bundled. */
export function writeThirdParty(metafiles) {
  const packages = bundledFolders(metafiles).map(describe).toSorted(byName);
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licencesText(packages));
  writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(bom(packages), null, 2)}\n`);
}

/** The folders of packages from which something was put out. */
function bundledFolders(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders];
}

function describe(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!permissive.has(license)) throw new Error(`${name} ${version}: licence ${license} is not known to be permissive`);
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|copyright|notice)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  // A few packages are published without the file.
  const holder = author?.name ?? author;
  if (texts.length === 0 && license === own.license) texts.push(readFileSync('LICENSE', 'utf8').trim());
  if (texts.length === 0 && license === 'MIT' && holder) texts.push(mit(holder));
  if (texts.length === 0) throw new Error(`${name} ${version}: there is no text of its licence ${license}`);
  return { name, version, license, text: texts.join('\n\n') };
}

function mit(holder) {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

function byName(a, b) {
  return `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1;
}

function title({ name, version, license }) {
  return `${name} ${version} (${license})`;
}

/** The list, then each text once, under the packages that it is for. */
function licencesText(all) {
  const texts = new Map();
  for (const one of all) texts.set(one.text, [...(texts.get(one.text) ?? []), one]);
  return [
    `${own.name} ${own.version} is under ${own.license}: see LICENSE. Its bundle holds code of:`,
    all.map((one) => `  ${title(one)}`).join('\n'),
    ...[...texts].map(([text, of]) => `${'-'.repeat(80)}\n${of.map(title).join('\n')}\n\n${text}`),
    '',
  ].join('\n\n').replace(/\n+$/, '\n');
}

function bom(all) {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', own) },
    components: all.map((one) => component('library', one)),
  };
}

function component(type, { name, version, license }) {
  const [, group, rest] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type,
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name: rest ?? name,
    version,
    licenses: [{ license: { id: license } }],
    purl,
  };
}
