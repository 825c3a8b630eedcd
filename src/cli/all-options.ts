import type { Command, Option } from './define.js';
import { globalOptions, plainOutputs } from './options.js';

/** Options by their names. */
export type Options = Readonly<Record<string, Option>>;

/** A command's options with the global ones; of the output formats only its own. */
export function optionsOf({
  options,
  outputs = plainOutputs,
}: Pick<Command, 'options' | 'outputs'>): Options {
  const output: Option = { ...globalOptions.output, choices: outputs, describe: outputs.join(', ') };
  return { ...options, ...globalOptions, output, ...options };
}
