import { hazardLevels } from '../../core/hazards.js';
import type { Command, Registry } from '../define.js';
import type { Option } from '../option.js';
import { globalOptions, plainOutputs } from '../options.js';
import { topics } from '../topics/topics.js';

/** What may stand in a place of the command line. */
export type Completed =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'load-balancers' };

/** An option as a completion script needs it. */
export interface CompletedOption {
  readonly name: string;
  readonly alias?: string | undefined;
  readonly describe: string;
  /** Absent for an option that takes no value. */
  readonly value?: Completed | undefined;
  /** Whether the option may stand without its value. */
  readonly optional: boolean;
}

/** A command as a completion script needs it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly positional: Completed;
}

const nothing: Completed = { kind: 'nothing' };
const files: Completed = { kind: 'files' };

/** Values of options that have no list of choices of their own. */
const optionValues: Readonly<Record<string, Completed>> = {
  out: files,
  state: files,
  seed: files,
  summary: files,
  certificate: files,
  'load-balancer': { kind: 'load-balancers' },
  force: {
    kind: 'words',
    words: Object.entries(hazardLevels).flatMap(([code, level]) => (level === 'blocker' ? [code] : [])),
  },
};

/** The shells that there is a completion script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Every command with its options, in the order of the help; loads all of them. */
export async function completionModel(registry: Registry): Promise<readonly CompletedCommand[]> {
  return Promise.all(
    Object.entries(registry).map(async ([name, { usage, summary, load }]) => {
      const command = await load();
      return {
        name,
        summary,
        options: optionsOf(command),
        positional: await positionalOf(name, usage, registry),
      };
    }),
  );
}

function optionsOf(command: Command): readonly CompletedOption[] {
  const options: Readonly<Record<string, Option>> = { ...command.options, ...globalOptions };
  return Object.entries(options).map(([name, option]) => {
    const choices = name === 'output' ? (command.outputs ?? plainOutputs) : option.choices;
    return {
      name,
      alias: option.alias,
      describe: option.describe,
      optional: option.bare !== undefined,
      value:
        option.type === 'flag'
          ? undefined
          : choices === undefined
            ? (optionValues[name] ?? nothing)
            : { kind: 'words', words: choices },
    };
  });
}

/** A command's usage shows what it takes. */
async function positionalOf(name: string, usage: string, registry: Registry): Promise<Completed> {
  if (/[<[]name/.test(usage)) return { kind: 'load-balancers' };
  if (usage.includes('.json>')) return files;
  if (name === 'completion') return { kind: 'words', words: shells };
  if (name === 'help') return { kind: 'words', words: [...Object.keys(topics), ...Object.keys(registry)] };
  if (name === 'verify') return { kind: 'words', words: ['backend', 'listen', 'capture'] };
  if (name !== 'schema') return nothing;
  const { jsonSchemas } = await import('../../render/json/schemas.js');
  return { kind: 'words', words: Object.keys(jsonSchemas()) };
}
