import type { Nodes, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { expect } from 'vitest';
import { type Drawing, readDrawing } from './mermaid-drawing.js';

/** A page as a parser of GitHub's Markdown reads it. */
export interface Page {
  /** Each fenced block: its language and its lines. */
  readonly fences: readonly { readonly language: string; readonly lines: readonly string[] }[];
  /** The contents of the code spans. */
  readonly spans: readonly string[];
  /** The blocks in their order, each with its extent, without their text. */
  readonly outline: readonly string[];
}

/** A page of which nothing but what we wrote ourselves means anything. */
export interface SafePage extends Page {
  /** The pictures, as Mermaid reads them. */
  readonly drawings: readonly Drawing[];
}

/** What our pages are made of. Whatever else a parser finds came from a name. */
const ourNodes = new Set<Nodes['type']>([
  'root',
  'heading',
  'paragraph',
  'text',
  'strong',
  'inlineCode',
  'code',
  'html',
  'list',
  'listItem',
  'table',
  'tableRow',
  'tableCell',
]);

/** Our own HTML. */
const ourHtml = /^(?:<br>|<\/?sub>|<details>\n<summary>[A-Za-z ]+ \(\d+\)<\/summary>|<\/details>)$/;

/** What GitHub makes links, pictures or formulas of in text, after the parser. */
const githubs = /[<>&@$~^={}\\*_#`]|:[\w+-]+:|\/\/|\bwww\.|\b[\da-f]{7,}\b|\bGH-\d/i;

/** Ids that we give to boxes: nothing of them is from outside. */
const ourBox = /^s\d(?:c|p\d+(?:l\d+|q)?)?$/;

/** Takes a page apart. */
export function takeApart(markdown: string): Page {
  return pageOf(everyNode(parse(markdown)));
}

function pageOf(nodes: readonly Nodes[]): Page {
  return {
    fences: nodes.flatMap((node) =>
      node.type === 'code' ? [{ language: node.lang ?? '', lines: node.value.split('\n') }] : [],
    ),
    spans: nodes.flatMap((node) => (node.type === 'inlineCode' ? [node.value] : [])),
    outline: nodes.flatMap(outlineOf),
  };
}

/** Fails where anything on the page is more than text, but for what we wrote ourselves. */
export async function expectSafe(markdown: string): Promise<SafePage> {
  expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  const nodes = everyNode(parse(markdown));
  for (const node of nodes) expectOurs(node, markdown);
  const page = pageOf(nodes);
  const drawings = [];
  for (const { language, lines } of page.fences) {
    expect(language).toMatch(/^(?:mermaid|text|sh)$/);
    if (language === 'mermaid') drawings.push(await readDrawing(lines.join('\n')));
  }
  for (const { labels } of drawings)
    for (const id of labels.keys()) expect(id, 'a box that is not ours').toMatch(ourBox);
  return { ...page, drawings };
}

function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function everyNode(node: Nodes): readonly Nodes[] {
  return [node, ...childrenOf(node).flatMap(everyNode)];
}

function childrenOf(node: Nodes): readonly RootContent[] {
  return 'children' in node ? node.children : [];
}

function expectOurs(node: Nodes, markdown: string): void {
  const source = markdown.slice(node.position?.start.offset, node.position?.end.offset);
  expect(ourNodes, `a ${node.type}: ${source.slice(0, 200)}`).toContain(node.type);
  switch (node.type) {
    case 'code':
      // One that is not shut takes the rest of the page in.
      expect(source, 'a fence does not end').toMatch(/^(`{3,})[^`]*\n[^]*\n\1$/);
      break;
    case 'html':
      expect(node.value, "someone else's HTML").toMatch(ourHtml);
      break;
    case 'text':
      expect(node.value, 'a mention, an emoji, an address').not.toMatch(githubs);
      break;
    case 'heading':
      expect([3, 4]).toContain(node.depth);
      break;
    case 'listItem':
      expect(node.checked ?? undefined, 'a check box').toBeUndefined();
      break;
    case 'table':
      // A row with too many cells loses some, one with too few is filled up: it is not an error to the parser.
      for (const row of node.children)
        expect(row.children.length, `cells of ${JSON.stringify(row.children)}`).toBe(node.align?.length);
      break;
    default:
  }
}

function outlineOf(node: Nodes): readonly string[] {
  switch (node.type) {
    case 'heading':
      return [`heading ${node.depth}`];
    case 'code':
      return [`code ${node.lang ?? ''}`];
    case 'html':
      return node.value === '<br>' ? [] : [node.value];
    case 'list':
      return [`list of ${node.children.length}`];
    case 'table':
      return [`table of ${node.children.length} rows and ${node.align?.length} columns`];
    case 'paragraph':
      return ['paragraph'];
    default:
      return [];
  }
}
