import type { JournalRecord } from '../core/record.js';
import { isRecord } from './record-check.js';

type ParsedLine = { readonly record: JournalRecord } | { readonly why: string };

/** Why a line that is not complete JSON is not a record. */
export const notWhole = 'it is not a complete JSON record';

const opening = '{"formatVersion":1,';

/** Whether an incomplete line may be a record that a run was writing when it died: nothing was sent because of it. */
export function isTorn(line: string): boolean {
  return line.startsWith(opening) || opening.startsWith(line);
}

/** Parses a line; the schema is only loaded for one that the plain check does not know. */
export async function parseLine(line: string): Promise<ParsedLine> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { why: notWhole };
  }
  if (isRecord(value)) return { record: value };
  const { journalRecordSchema } = await import('./record-schema.js');
  const { data } = journalRecordSchema.safeParse(value);
  return data === undefined ? { why: 'it is not a record that this version knows' } : { record: data };
}
