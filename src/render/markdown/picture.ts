import { fenced } from './blocks.js';

/** A policy in a picture, with a remark on it. */
export interface PicturedPolicy {
  readonly name: string;
  readonly remark?: string | undefined;
}

/** An instance port or a target group, with the listeners that lead to it and its policies, in order. */
export interface PicturedPort {
  /** `instance port 8443`, `target group web`. */
  readonly place: string;
  /** `TCP 443`. */
  readonly listeners: readonly string[];
  readonly policies: readonly PicturedPolicy[];
  /** Shown instead of the policies, if there are none. */
  readonly instead?: string | undefined;
}

/** One state of the load balancer. */
export interface PictureSide {
  readonly title: string;
  readonly ports: readonly PicturedPort[];
}

/** A page with more pictures than this takes long to show. */
export const mostPictures = 20;

const noPicture = {
  forWantOfRoom: 'The picture is left out for lack of space.',
  enoughAlready: `The picture is left out: the page has ${mostPictures} already.`,
  tooManyBoxes: 'The picture is left out: it would have too many boxes.',
} as const;

/** More than this is unreadable; Mermaid itself stops at 500 edges and 50,000 characters. */
const mostBoxes = 60;
const mostCharacters = 20_000;

/** A Mermaid picture of client → listener → port → policies, one state under the other; a remark if it is too large. */
export function picture(sides: readonly PictureSide[]): string {
  const boxes = sides.flatMap(({ ports }) => ports.flatMap(({ listeners }) => ['', '', ...listeners]));
  if (boxes.length > mostBoxes) return noPicture.tooManyBoxes;
  const lines = [
    'flowchart TB',
    ...sides.flatMap((side, index) => sideLines(side, `s${index}`)),
    ...sides.slice(1).map((_, index) => `  s${index} --> s${index + 1}`),
  ];
  return lines.join('\n').length > mostCharacters ? noPicture.tooManyBoxes : fenced('mermaid', lines);
}

/** Something with its picture, and without. Nothing drawn is no picture; undefined: the page has enough of them. */
export function pictureForms(
  title: readonly string[],
  drawn: readonly string[] | undefined,
  rest: readonly string[],
): readonly string[] {
  const pictures = [drawn ?? [noPicture.enoughAlready], [noPicture.forWantOfRoom]];
  return pictures.map((blocks) => [...title, ...blocks, ...rest].join('\n\n'));
}

function sideLines({ title, ports }: PictureSide, id: string): readonly string[] {
  return [
    `  subgraph ${id}["${mermaidText(title)}"]`,
    '    direction LR',
    `    ${id}c(["clients"])`,
    ...ports.flatMap((port, index) => portLines(port, id, `${id}p${index}`)),
    '  end',
  ];
}

function portLines(
  { place, listeners, policies, instead }: PicturedPort,
  side: string,
  id: string,
): readonly string[] {
  const names = policies.map(
    ({ name, remark }) => `${mermaidText(name)}${remark === undefined ? '' : ` (${remark})`}`,
  );
  const list = instead ?? (names.length === 0 ? 'no policies' : names.join('<br/>'));
  return [
    ...listeners.flatMap((listener, index) => [
      `    ${id}l${index}["${mermaidText(listener)}"]`,
      `    ${side}c --> ${id}l${index} --> ${id}`,
    ]),
    `    ${id}["${mermaidText(place)}"] --- ${id}q["${list}"]`,
  ];
}

/**
 * Text from outside as part of a label that is in double quotes. Everything but letters, digits and single dashes
 * between them is written as Mermaid's entity code `#NN;`, so that it is neither syntax, Markdown (which Mermaid reads
 * in labels) nor HTML. A colon, too: Mermaid takes the last semicolon off lines that look like `style … : … #…;`.
 */
export function mermaidText(text: string): string {
  return text.replaceAll(
    /(?<![A-Za-z0-9])-|-(?![A-Za-z0-9])|[^A-Za-z0-9 -]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );
}
