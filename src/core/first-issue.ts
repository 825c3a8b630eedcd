import type { z } from 'zod';

/** The first problem that a schema found in a plan: its place, the problem, and the value there. */
export function firstIssue(error: z.ZodError, plan: unknown): string | undefined {
  const [outer] = error.issues;
  if (outer === undefined) return undefined;
  const issue = innermost(outer);
  const field = fieldAt(issue.path);
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    plan,
  );
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 60) ?? 'nothing');
  return `${field === '' ? 'the plan' : field} is wrong: ${issue.message} (found ${shown})`;
}

/** The problem with a value that may be of several kinds, judged as the kind that it comes closest to. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const [closest] = issue.errors.toSorted((a, b) => a.length - b.length);
  const inner = closest?.[0];
  return inner === undefined ? issue : innermost({ ...inner, path: [...issue.path, ...inner.path] });
}

/** A place in a document as messages write it: `changes[0].steps[1].after`; empty for the whole document. */
export function fieldAt(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, key) =>
      typeof key === 'number' ? `${field}[${key}]` : field === '' ? String(key) : `${field}.${String(key)}`,
    '',
  );
}
