import type { Command } from './define.js';
import type { Option, Options } from './option.js';
import { globalOptions, plainOutputs } from './options.js';

/** A command's options with the global ones; of the output formats only its own. */
export function optionsOf({
  options,
  outputs = plainOutputs,
}: Pick<Command, 'options' | 'outputs'>): Options {
  const output: Option = { ...globalOptions.output, choices: outputs, describe: outputs.join(', ') };
  return { ...options, ...globalOptions, output, ...options };
}
