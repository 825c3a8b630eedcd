import { JSDOM } from 'jsdom';
import type { Mermaid } from 'mermaid';
import { expect } from 'vitest';

/** What Mermaid makes of a picture: what its boxes say, and which are connected. */
export interface Drawing {
  /** The text of each box and each frame by its id, as a browser shows it; a line break is `\n`. */
  readonly labels: ReadonlyMap<string, string>;
  /** `from to` of each line. */
  readonly ways: readonly string[];
}

/** The parts of Mermaid's model of a flowchart that we look at. */
interface Flowchart {
  readonly getVertices: () => ReadonlyMap<string, Box>;
  readonly getEdges: () => readonly { start: string; end: string; text: string; classes: string[] }[];
  readonly getSubGraphs: () => readonly { id: string; title: string; labelType: string }[];
  readonly getClasses: () => ReadonlyMap<string, unknown>;
}

interface Box {
  readonly id: string;
  readonly text: string;
  readonly labelType: string;
  readonly classes: readonly string[];
  readonly styles: readonly string[];
  readonly link?: string;
  readonly haveCallback?: boolean;
}

const { window } = new JSDOM('');
let loaded: Promise<Mermaid> | undefined;

/** Mermaid takes the window that is there when it is loaded, for the sanitizer of its labels. */
async function loadMermaid(): Promise<Mermaid> {
  Object.assign(globalThis, { window });
  try {
    const { default: mermaid } = await import('mermaid');
    // Brings in the grammar of flowcharts.
    await mermaid.parse('flowchart TB');
    return mermaid;
  } finally {
    Reflect.deleteProperty(globalThis, 'window');
  }
}

/**
 * Reads a picture with Mermaid's own parser.
 *
 * @throws Mermaid's syntax error; and an assertion where text became more than text
 */
export async function readDrawing(source: string): Promise<Drawing> {
  const mermaid = await (loaded ??= loadMermaid());
  const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(source);
  expect(type).toBe('flowchart-v2');
  const chart = db as unknown as Flowchart;
  const boxes = [...chart.getVertices().values()];
  for (const { id, styles, classes, link, haveCallback } of boxes)
    expect({ id, styles, classes, link, haveCallback }, 'a style or a link').toEqual({
      id,
      styles: [],
      classes: [],
      link: undefined,
      haveCallback: undefined,
    });
  expect([...chart.getClasses().keys()], 'a style').toEqual([]);
  const edges = chart.getEdges();
  for (const { text, classes } of edges) expect({ text, classes }).toEqual({ text: '', classes: [] });
  return {
    labels: new Map([
      ...boxes.map((box) => [box.id, shown(box.text, box.labelType)] as const),
      ...chart.getSubGraphs().map(({ id, title, labelType }) => [id, shown(title, labelType)] as const),
    ]),
    ways: edges.map(({ start, end }) => `${start} ${end}`),
  };
}

/** A label as a browser shows it; Mermaid keeps entity codes apart from other text until then. */
function shown(text: string, labelType: string): string {
  // The third is 'markdown'.
  expect(labelType, `the label ${text}`).toMatch(/^(?:string|text)$/);
  const html = text.replaceAll('ﬂ°°', '&#').replaceAll('ﬂ°', '&').replaceAll('¶ß', ';');
  const element = window.document.createElement('div');
  element.innerHTML = html;
  for (const child of element.querySelectorAll('*')) {
    expect(child.tagName, `in the label ${text}`).toBe('BR');
    child.replaceWith('\n');
  }
  return element.textContent ?? '';
}
