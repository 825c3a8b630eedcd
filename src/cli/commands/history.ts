import { command } from '../define.js';

/** `elb-proxy history`. */
export const history = command({
  name: 'history',
  summary: 'changes made from this machine, newest first',
  options: {
    all: { type: 'flag', describe: 'every change; else the newest hundred, and those that have no end' },
  },
  examples: [
    { command: 'elb-proxy history', what: 'what was changed, when, and whether it is undone' },
    { command: 'elb-proxy history --all -o json', what: 'every change ever made from this machine' },
  ],
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (given, context) => {
    const { history: readHistory } = await import('../../app/history.js');
    const { historyDocument } = await import('../../render/json/history.js');
    const { renderHistory } = await import('../../render/text/history.js');
    const past = await readHistory(await context.journal(), given.options.all ? 'all' : 'newest');
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    await context.print(historyDocument(past), renderHistory);
    return 0;
  },
});
