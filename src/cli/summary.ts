import { appendFile, open, stat } from 'node:fs/promises';
import { reasonOf, usageError } from '../errors.js';
import { sizeOf, summaryLimit } from '../render/markdown/fit.js';
import type { Context } from './context.js';
import type { Option, OptionValues } from './options.js';

const variable = 'GITHUB_STEP_SUMMARY';

/** Adding the result as Markdown to a file, beside what goes to stdout. */
export const summaryOption = {
  summary: {
    type: 'text',
    value: 'FILE',
    bare: `$${variable}`,
    describe: `add the result as Markdown to $${variable}, or with --summary=FILE to a file`,
  },
} as const satisfies Record<string, Option>;

/** The file of `--summary`; undefined if none is wanted. @throws a usage error if it can't be written */
export async function summaryOf(
  { summary }: OptionValues<typeof summaryOption>,
  env: Context['io']['env'],
): Promise<string | undefined> {
  const path = pathOf(summary, env);
  if (path === undefined) return undefined;
  try {
    await (await open(path, 'a')).close();
    return path;
  } catch (error) {
    throw usageError(
      `--summary ${path} can't be written: ${reasonOf(error)}`,
      'give another with --summary=FILE',
    );
  }
}

/** Adds what fits to the summary, if one is wanted. The work is done by then, so a failure is only a warning. */
export async function addToSummary(
  path: string | undefined,
  { emit }: Pick<Context, 'emit'>,
  render: (limit: number) => string | Promise<string>,
): Promise<void> {
  if (path === undefined) return;
  try {
    const used = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    // An empty line separates it from the existing text.
    const room = summaryLimit - used - 2;
    const text = await render(room);
    if (sizeOf(text) > room)
      throw new Error(`there are ${used} bytes in it, and GitHub shows ${summaryLimit}`);
    await appendFile(path, used === 0 ? text : `\n${text}`);
  } catch (error) {
    emit({ code: 'warning', message: `nothing was added to the summary ${path}: ${reasonOf(error)}` });
  }
}

function pathOf(file: string | undefined, env: Context['io']['env']): string | undefined {
  if (file !== summaryOption.summary.bare) return file;
  if (env[variable]) return env[variable];
  throw usageError(
    `--summary: the variable ${variable} is not set`,
    'GitHub Actions sets it; elsewhere give a file: --summary=FILE',
  );
}
