import { usageError } from '../../errors.js';
import type { CompletedCommand } from '../completion/completion-model.js';
import type { Context } from '../context.js';
import { type Command, command, type Registry } from '../define.js';
import type { OptionValues } from '../option.js';
import { type globalOptions, regionOf } from '../options.js';

/** `elb-proxy completion`, of the commands that there are. */
export function completion(registry: Registry): Command {
  return command({
    name: 'completion',
    summary: 'the completion script of a shell: commands, options, values, load balancer names',
    positionals: { usage: '<shell>', least: 0, most: 1 },
    options: {},
    examples: [
      { command: 'elb-proxy completion bash > ~/.elb-proxy.bash', what: 'bash, zsh or fish; then source it' },
      {
        command: 'elb-proxy completion names',
        what: 'the names it would offer: what status saw within the hour',
      },
    ],
    mutates: false,
    iam: [],
    exitCodes: [0, 1],
    run: async (given, context) => {
      const [shell] = given.positionals;
      if (shell === 'names') {
        const names = await namesHere(given.options, context);
        await context.print({ formatVersion: 1, names }, () => names.map((name) => `${name}\n`).join(''));
        return 0;
      }
      const { completionModel, shells } = await import('../completion/completion-model.js');
      const script = shell === undefined ? undefined : await scriptOf(shell);
      if (script === undefined)
        throw usageError(
          shell === undefined ? '<shell> is missing' : `no completion for ${JSON.stringify(shell)}`,
          `choose from ${shells.join(', ')}`,
        );
      const text = script(await completionModel(registry));
      await context.print({ formatVersion: 1, shell, script: text }, () => text);
      return 0;
    },
  });
}

async function scriptOf(
  shell: string,
): Promise<((commands: readonly CompletedCommand[]) => string) | undefined> {
  switch (shell) {
    case 'bash':
      return (await import('../completion/completion-bash.js')).bashCompletion;
    case 'zsh':
      return (await import('../completion/completion-zsh.js')).zshCompletion;
    case 'fish':
      return (await import('../completion/completion-fish.js')).fishCompletion;
    default:
      return undefined;
  }
}

/** From the cache alone: completion never makes a call. */
async function namesHere(
  options: OptionValues<typeof globalOptions>,
  { io, clock }: Context,
): Promise<readonly string[]> {
  const { knownNames } = await import('../completion/completion-names.js');
  const { stateDirectory } = await import('../../journal/state-directory.js');
  const { env } = io;
  return knownNames(stateDirectory(env), {
    region: regionOf(options) ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined),
    endpoint:
      options['endpoint-url'] ??
      (env['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING'] || env['AWS_ENDPOINT_URL'] || undefined),
    now: clock.now().getTime(),
  });
}
