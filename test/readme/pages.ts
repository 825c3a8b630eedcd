import { readFileSync } from 'node:fs';
import { topics } from '../../src/cli/topics/topics.js';

/** The README, and everything that it refers to, as a reader would go through it. */
export const readmePath = 'README.md';
/** A change, from review to undo: its shell is the one that all other pages were printed in. */
export const walkThroughPath = topicPath('walk-through');
export const topicPaths: readonly string[] = Object.keys(topics).map(topicPath);
export const pagePaths: readonly string[] = [
  readmePath,
  ...topicPaths,
  'src/README.md',
  'src/local/README.md',
  'src/proxy-protocol/README.md',
  'test/bench/README.md',
];

function topicPath(name: string): string {
  return `src/cli/topics/${name}.md`;
}

/** The Markdown of a page. */
export function readPage(path: string): string {
  return readFileSync(path, 'utf8');
}
