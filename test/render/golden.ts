import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** Compares a text with the file `golden/NAME.txt`; `UPDATE_GOLDEN=1` writes the file, which is then to be read. */
export function expectGolden(name: string, text: string): void {
  compare(fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url)), text);
}

function compare(file: string, text: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `there is no ${file}; make it with UPDATE_GOLDEN=1`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** The same for Markdown: the file `golden/markdown/NAME.md`. */
export function expectMarkdownGolden(name: string, text: string): void {
  compare(fileURLToPath(new URL(`golden/markdown/${name}.md`, import.meta.url)), text);
}
