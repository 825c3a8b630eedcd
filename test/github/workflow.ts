import { parseDocument } from 'yaml';
import { z } from 'zod';
import { actions } from './actions.js';

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const common = { name: z.string().optional(), if: z.string().optional(), env: texts.optional() };
const permissions = z.record(
  z.enum(['contents', 'id-token', 'attestations']),
  z.enum(['read', 'write']).optional(),
);

/** The part of GitHub's workflow syntax that we use; what is not in here is a typing error, or needs a look. */
const workflow = z.strictObject({
  name: z.string(),
  on: z.union([z.string(), z.record(z.string(), z.unknown())]),
  permissions: permissions,
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  jobs: z.record(
    z.string(),
    z.strictObject({
      needs: z.string().optional(),
      if: z.string().optional(),
      'runs-on': z.enum(['ubuntu-24.04', 'ubuntu-latest']),
      'timeout-minutes': z.number().max(60).optional(),
      environment: z.string().optional(),
      permissions: permissions.optional(),
      strategy: z
        .strictObject({
          'fail-fast': z.boolean(),
          matrix: z.record(z.string(), z.array(z.union([z.number(), z.string()])).min(1)),
        })
        .optional(),
      steps: z
        .array(
          z.union([
            z.strictObject({ ...common, uses: z.string(), with: texts.optional() }),
            z.strictObject({ ...common, run: z.string(), 'working-directory': z.string().optional() }),
          ]),
        )
        .min(1),
    }),
  ),
});

/** A workflow of GitHub Actions. */
export type Workflow = z.infer<typeof workflow>;

/**
 * Reads a workflow.
 *
 * @throws where it is not YAML that GitHub reads as we do, has a key that is not known, an action or an input of one
 *   that does not exist, a job that needs another that is not there, or an expression in a shell's text
 */
export function readWorkflow(text: string): Workflow {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong !== undefined) throw wrong;
  const read = workflow.parse(document.toJS());
  for (const [name, { needs, steps, strategy }] of Object.entries(read.jobs)) {
    if (needs !== undefined && read.jobs[needs] === undefined)
      throw new Error(`job ${name} needs ${needs}, which is not there`);
    for (const step of steps) {
      const values = [
        ...Object.values('uses' in step ? (step.with ?? {}) : {}),
        ...Object.values(step.env ?? {}),
      ];
      for (const value of values) checkExpressions(String(value), Object.keys(strategy?.matrix ?? {}));
      if ('uses' in step) checkInputs(step.uses, Object.keys(step.with ?? {}));
      // What an outsider may choose (a title, a branch) would be typed into the shell.
      else if (step.run.includes('${{')) throw new Error(`an expression in a shell's text: ${step.run}`);
    }
  }
  return read;
}

function checkInputs(uses: string, given: readonly string[]): void {
  const action = actions[uses];
  if (action === undefined) throw new Error(`${uses} is not an action that is known here`);
  for (const input of given)
    if (!action.inputs.includes(input)) throw new Error(`${uses} has no input ${input}`);
  for (const input of action.required ?? [])
    if (!given.includes(input)) throw new Error(`${uses} needs the input ${input}`);
}

function checkExpressions(value: string, matrix: readonly string[]): void {
  for (const [, expression = ''] of value.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)) {
    const known = [
      'github.token',
      'github.ref',
      'github.workflow',
      ...matrix.map((name) => `matrix.${name}`),
    ];
    if (!known.includes(expression)) throw new Error(`the expression ${expression} is not known here`);
  }
}
