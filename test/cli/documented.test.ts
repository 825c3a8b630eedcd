import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/cli/registry.js';
import { hazardLevels } from '../../src/core/hazards.js';
import { jsonSchemas } from '../../src/render/json/schemas.js';

// A new hazard or command is not finished before people can read about it.

const pagesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const manual = [readFileSync('README.md', 'utf8'), ...pagesBelow('src/cli')].join('\n');

/** The document of a command that is not called after it; undefined for another party's format. */
const documents: Readonly<Record<string, readonly string[] | undefined>> = {
  enable: ['plan', 'report'],
  disable: ['plan', 'report'],
  apply: ['report'],
  undo: ['plan', 'report'],
  'iam-policy': undefined,
  'ssm-document': undefined,
  schema: undefined,
};

describe('a hazard', () => {
  it.each(Object.entries(hazardLevels))('%s is in the table of hazards, as a %s', (code, level) => {
    const rows = manual.matchAll(/^\| *(`[^|]+`) *\| *(\w+) *\|/gm);
    const [row] = [...rows].filter(([, codes = '']) => codes.includes(`\`${code}\``));
    expect(row?.[2]).toBe(level);
  });
});

describe('a command', () => {
  it.each(Object.keys(registry))('%s is in the manual, the changelog and the schemas', (name) => {
    expect(manual).toContain(`elb-proxy ${name}`);
    expect(changelog).toMatch(new RegExp(`\`(?:elb-proxy )?${name}\\b`));
    const described = Object.keys(jsonSchemas());
    const own = Object.hasOwn(documents, name) ? documents[name] : [name];
    expect(described).toEqual(expect.arrayContaining([...(own ?? [])]));
  });
});
