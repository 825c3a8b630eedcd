import { readFile } from 'node:fs/promises';
import { didYouMean } from '../../core/did-you-mean.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import { type Command, command, type Registry } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { reviewOutputs } from '../options.js';
import { topics } from '../topics/topics.js';

/** `elb-proxy help`, of the commands that there are. */
export function help(registry: Registry): Command {
  return command({
    name: 'help',
    positionals: { usage: '[topic]', least: 0, most: 1 },
    options: {},
    examples: {
      'elb-proxy help hazards': 'a topic',
      'elb-proxy help enable': 'a command, as elb-proxy enable --help',
      'elb-proxy help guard -o markdown': 'a topic as it is written',
    },
    mutates: false,
    iam: [],
    outputs: reviewOutputs,
    exitCodes: [0, 1],
    run: async (given, context) => {
      const [name] = given.positionals;
      if (name === undefined)
        return show(context, async (columns) => (await texts()).manualHelp(registry, columns));
      const found = Object.hasOwn(registry, name) ? await registry[name]?.load() : undefined;
      if (found !== undefined)
        return show(context, async (columns) => (await texts()).commandHelp(registry, found, columns));
      if (Object.hasOwn(topics, name)) return showTopic(name, context);
      const known = [...Object.keys(topics), ...Object.keys(registry)];
      const meant = didYouMean(name, known, (word) => `elb-proxy help ${word}`);
      throw usageError(`there is no topic or command ${JSON.stringify(name)}`, `${meant}see: elb-proxy help`);
    },
  });
}

const texts = () => import('../help.js');

/** The help as text of a width that is known here only. */
async function show(context: Context, text: (columns: number) => Promise<string>): Promise<ExitCode> {
  const { helpColumns } = await import('../terminal-style.js');
  const shown = await text(helpColumns(context.io));
  await context.print({ formatVersion: 1, help: shown }, () => shown);
  return 0;
}

async function showTopic(name: string, context: Context): Promise<ExitCode> {
  const { renderPage } = await import('../../render/page/render-page.js');
  // The path is the same from here and from the built program.
  const markdown = await readFile(new URL(`../topics/${name}.md`, import.meta.url), 'utf8');
  await context.print({ formatVersion: 1, topic: name, help: markdown }, (_document, style) =>
    context.output === 'markdown' ? markdown : renderPage(markdown, style),
  );
  return 0;
}
