import type { JournalRecord } from '../core/record.js';
import { isRecord } from './record-check.js';

/** A line's record, or why it is none. */
export type ParsedLine = { readonly record: JournalRecord } | { readonly why: string };

/** Parses a line; the schema is only loaded for one that the plain check does not know. */
export async function parseLine(line: string): Promise<ParsedLine> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { why: 'it is not a whole JSON record' };
  }
  if (isRecord(value)) return { record: value };
  const { journalRecordSchema } = await import('./record-schema.js');
  const { data } = journalRecordSchema.safeParse(value);
  return data === undefined ? { why: 'it is not a record that this version knows' } : { record: data };
}
