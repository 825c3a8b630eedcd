import type { Context } from './context.js';
import type { ExitCode } from './exit-codes.js';
import type { globalOptions, Options, OptionValues, OutputFormat } from './options.js';

/** The command line's values, parsed but not yet interpreted. */
export interface Given<O extends Options = typeof globalOptions> {
  /** The command's name. */
  readonly command: string;
  readonly positionals: readonly string[];
  /** The words after `--`. */
  readonly rest: readonly string[];
  readonly options: OptionValues<O & typeof globalOptions>;
}

/** A command as one value: its name, arguments, effects, and IAM actions. */
export interface Command {
  readonly name: string;
  /** How many positional arguments it takes, and how its usage shows them: `<name...>`, `[change-id]`. */
  readonly positionals?: { readonly usage: string; readonly least: number; readonly most: number };
  readonly options: Options;
  /** Command lines, each with what it does. */
  readonly examples: Readonly<Record<string, string>>;
  /** Whether it may change a load balancer. */
  readonly mutates: boolean;
  /** IAM actions without their prefix `elasticloadbalancing:`. */
  readonly iam: readonly string[];
  /** Whether `--` may be followed by a command line. */
  readonly takesRest?: boolean;
  /** The formats of the result; text and json by default. */
  readonly outputs?: readonly OutputFormat[];
  readonly exitCodes: readonly ExitCode[];
  /** Turns the words into typed options, with every usage error, before anything is touched. */
  readonly run: (given: Given, context: Context) => Promise<ExitCode>;
}

/** Declares a command: it can only read options that it declares. */
export function command<const O extends Options>(
  declared: Omit<Command, 'options' | 'run'> & {
    readonly options: O;
    readonly run: (given: Given<O>, context: Context) => Promise<ExitCode>;
  },
): Omit<Command, 'options'> & { readonly options: O } {
  // The parser gives a command what its own options say.
  return { ...declared, run: declared.run as unknown as Command['run'] };
}

/** A command before it is loaded: enough for the list in the help. */
export interface Registered {
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command by its name, in the order of the help. */
export type Registry = Readonly<Record<string, Registered>>;
