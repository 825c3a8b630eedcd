import { usageError } from '../../errors.js';
import type { Completion } from '../completion/complete.js';
import type { CompletionSources } from '../completion/completion-sources.js';
import type { Context } from '../context.js';
import { type Command, command, type Registry } from '../define.js';
import { regionOf } from '../options.js';

/** `elb-proxy completion`, of the commands that there are. */
export function completion(registry: Registry): Command {
  return command({
    name: 'completion',
    positionals: { usage: '<shell>', least: 0, most: Number.POSITIVE_INFINITY },
    options: {},
    examples: {
      'elb-proxy completion bash > ~/.elb-proxy.bash': 'bash, zsh or fish; then source it',
      'elb-proxy completion names': 'the names it would offer: what status saw within the hour',
      "elb-proxy completion words -- enable web --port ''":
        'what can come next, as the scripts ask; makes no API call',
    },
    mutates: false,
    iam: [],
    exitCodes: [0, 1],
    run: async ({ positionals: [shell, ...rest], options }, context) => {
      if (shell === 'names') {
        const { loadBalancers } = await sourcesHere(context);
        const place = { region: regionOf(options), endpoint: options['endpoint-url'] };
        const names = await loadBalancers(place);
        await context.print({ formatVersion: 1, names }, () => names.map((name) => `${name}\n`).join(''));
        return 0;
      }
      const { complete, shells } = await import('../completion/complete.js');
      if (shell === 'words') {
        const found = await complete(rest, registry, await sourcesHere(context));
        const words = found.kind === 'words' ? found.suggestions : [];
        await context.print({ formatVersion: 1, kind: found.kind, words }, () => linesOf(found));
        return 0;
      }
      if (rest[0] !== undefined) throw usageError(`unexpected argument ${JSON.stringify(rest[0])}`);
      const known = shells.find((one) => one === shell);
      if (known === undefined)
        throw usageError(
          shell === undefined ? '<shell> is missing' : `no completion for ${JSON.stringify(shell)}`,
          `choose from ${shells.join(', ')}`,
        );
      const { scripts } = await import('../completion/scripts.js');
      const script = scripts[known];
      await context.print({ formatVersion: 1, shell, script }, () => script);
      return 0;
    },
  });
}

/** One word per line, with its description after a tab; any other kind gets a separate line. */
function linesOf(found: Completion): string {
  if (found.kind !== 'words') return `:${found.kind}\n`;
  return found.suggestions
    .map(({ word, about }) => `${about === undefined ? word : `${word}\t${about.replaceAll(/\s+/g, ' ')}`}\n`)
    .join('');
}

/** Sources on this machine: completion never makes a call. */
async function sourcesHere(context: Context): Promise<CompletionSources> {
  return (await import('../completion/completion-sources.js')).completionSources(context);
}
