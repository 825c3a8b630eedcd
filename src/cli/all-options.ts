import type { Command } from './define.js';
import { globalOptions, type Option, type Options, plainOutputs } from './options.js';

/** A command's options with the global ones; of the output formats only its own. */
export function optionsOf({
  options,
  outputs = plainOutputs,
}: Pick<Command, 'options' | 'outputs'>): Options {
  const output: Option = { ...globalOptions.output, choices: outputs, describe: outputs.join(', ') };
  return { ...options, ...globalOptions, output, ...options };
}
