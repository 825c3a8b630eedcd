import { resolve } from 'node:path';
import { usageError } from '../../errors.js';
import type { ChangeDocument } from '../../render/json/change.js';
import type { HistoryDocument } from '../../render/json/history.js';
import type { Style } from '../../render/style.js';
import type { Context } from '../context.js';
import { command } from '../define.js';
import { reviewOutputs } from '../options.js';
import { wholeNumber } from '../quantities.js';

const mostShown = 100_000;
/** As many as are read without `--all`. */
const newestOnes = 100;

/** `elb-proxy history`. */
export const history = command({
  name: 'history',
  positionals: { usage: '[change-id]', least: 0, most: 1 },
  options: {
    all: { type: 'flag', describe: 'every change, not just the newest hundred and the unfinished ones' },
    limit: { type: 'text', value: 'N', describe: 'the newest N changes only' },
  },
  examples: {
    'elb-proxy history': 'what was changed, when, and whether it is undone',
    'elb-proxy history 20261123-153012-3f9a2c':
      'one change in full: its plan, its calls with their request ids, its guard, who made it',
    'elb-proxy history --all -o json': 'every change ever made from this machine',
  },
  mutates: false,
  iam: [],
  outputs: reviewOutputs,
  exitCodes: [0, 1],
  run: async ({ positionals: [changeId], options }, context) => {
    const limit = wholeNumber('--limit', options.limit, { least: 1, most: mostShown });
    if (options.all && limit !== undefined)
      throw usageError('--all and --limit are both given', 'give one of them');
    if (changeId === undefined) {
      await showHistory(limit ?? (options.all ? Number.POSITIVE_INFINITY : undefined), context);
      return 0;
    }
    if (options.all || limit !== undefined)
      throw usageError(`${options.all ? '--all' : '--limit'} does not work with a change id`);
    await showChange(changeId, context);
    return 0;
  },
});

/** @param limit undefined: the newest hundred, and those that have no end */
async function showHistory(limit: number | undefined, context: Context): Promise<void> {
  const { history: readHistory } = await import('../../app/history.js');
  const { historyDocument } = await import('../../render/json/history.js');
  const past = await readHistory(
    await context.journal(),
    limit !== undefined && limit > newestOnes ? 'all' : 'newest',
  );
  for (const message of past.warnings) context.emit({ code: 'warning', message });
  const changes = past.changes.slice(0, limit);
  const older = past.older || changes.length < past.changes.length;
  await context.print(historyDocument({ ...past, changes, older }), await historyRenderer(context));
}

async function showChange(changeId: string, context: Context): Promise<void> {
  const { changeInHistory } = await import('../../app/history.js');
  const { changeDocument } = await import('../../render/json/change.js');
  const { change, warnings } = await changeInHistory(await context.journal(), changeId);
  for (const message of warnings) context.emit({ code: 'warning', message });
  await context.print(changeDocument(change, warnings), await changeRenderer(context));
}

async function historyRenderer({
  output,
  io,
}: Context): Promise<(document: HistoryDocument, style: Style) => string> {
  const { stateDirectory } = await import('../../journal/state-directory.js');
  // A setting that names the wrong place looks like a machine on which nothing was ever changed.
  const directory = resolve(stateDirectory(io.env));
  if (output !== 'markdown') {
    const { renderHistory } = await import('../../render/text/history.js');
    return (document, style) => renderHistory(document, style, directory);
  }
  const { renderHistoryMarkdown } = await import('../../render/markdown/history.js');
  return (document) => renderHistoryMarkdown(document, { directory });
}

async function changeRenderer({
  output,
}: Context): Promise<(document: ChangeDocument, style: Style) => string> {
  if (output !== 'markdown') return (await import('../../render/text/change.js')).renderChange;
  const { renderChangeMarkdown } = await import('../../render/markdown/change.js');
  return (document) => renderChangeMarkdown(document);
}
