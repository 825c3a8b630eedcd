import type { Context } from '../context.js';

/** Says on stderr, before the first probe, that probing leaves traces. */
export async function tellOfProbing(what: string, { say }: Context): Promise<void> {
  const { paragraph } = await import('../../render/text/paragraph.js');
  const { joinLines } = await import('../../render/text/join-lines.js');
  const text = `probing ${what}, at most 8 connections each; refused probes leave lines in a backend's log`;
  await say((style) => joinLines(paragraph(text, style, { hanging: 2 })));
}
