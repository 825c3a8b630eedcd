import type { Command } from '../define.js';

/** `elb-proxy history`. */
export const history: Command = {
  name: 'history',
  summary: 'changes made from this machine, newest first',
  options: {},
  examples: [{ command: 'elb-proxy history', what: 'what was changed, when, and whether it is undone' }],
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (_given, context) => {
    const { history: readHistory } = await import('../../app/history.js');
    const { historyDocument } = await import('../../render/json/history.js');
    const { renderHistory } = await import('../../render/text/history.js');
    const past = await readHistory(await context.journal());
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    await context.print(historyDocument(past), renderHistory);
    return 0;
  },
};
