import { nameSome } from '../../core/name-some.js';
import type { NotKnown } from '../../core/status.js';
import type { Style } from '../style.js';
import { paragraph } from './paragraph.js';

/** What the service left out, by its own names, under an empty line; nothing where it answered everything. */
export function leftOut(notKnown: NotKnown | undefined, style: Style): readonly string[] {
  if (notKnown === undefined) return [];
  const words = `Not known: the service left ${nameSome(notKnown.fields)} out of its answers`;
  return ['', ...paragraph(words, style, { indent: 2, hanging: 2 })];
}
