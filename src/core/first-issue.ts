import type { z } from 'zod';

/** The first thing that a schema found wrong in a plan: where, what, and what is there. */
export function firstIssue(error: z.ZodError, plan: unknown): string | undefined {
  const [issue] = error.issues;
  if (issue === undefined) return undefined;
  const field = fieldAt(issue.path);
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    plan,
  );
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 60) ?? 'nothing');
  return `${field === '' ? 'the plan' : field} is wrong: ${issue.message} (found ${shown})`;
}

/** A place in a document as it is written in messages: `changes[0].steps[1].after`; empty for the whole. */
export function fieldAt(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, key) =>
      typeof key === 'number' ? `${field}[${key}]` : field === '' ? String(key) : `${field}.${String(key)}`,
    '',
  );
}
