import type { VerifyProgress } from '../../app/verify-backends.js';
import type { Context } from '../context.js';

/** `one instance`, `3 instances`. */
export function howMany(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

/** Says on stderr, before the first probe, that probing leaves traces. */
export async function sayProbing(what: string, { say }: Context): Promise<void> {
  const { joinLines, paragraph } = await import('../../render/text/paragraph.js');
  const text = `probing ${what}, at most 8 connections each; refused probes leave lines in a backend's log`;
  await say((style) => joinLines(paragraph(text, style, { hanging: 2 })));
}

/** The progress of probing, in a line. */
export function probedSoFar({ done, total, verdicts }: VerifyProgress): string {
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  return [`${done} of ${total} probed`, ...counts].join(', ');
}
