import type { z } from 'zod';
import { fieldAt } from '../core/first-issue.js';

/** The first error that a schema found in a document, with its field: `loadBalancers[0].listeners: …`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'not valid';
  const field = fieldAt(issue.path);
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}
