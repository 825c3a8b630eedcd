import type { Context } from './context.js';
import type { ExitCode } from './exit-codes.js';
import type { OutputFormat } from './options.js';

/** An option of a command, as the parser and the help need it. */
export interface Option {
  /** `flag` takes no value; `text` one, given once; `texts` several, given several times or as a comma list. */
  readonly type: 'flag' | 'text' | 'texts';
  readonly describe: string;
  /** Of `texts`: commas belong to the value. */
  readonly whole?: boolean;
  /** One letter. */
  readonly alias?: string;
  /** How the help calls the value. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Values to name where one is missing, of an option whose values the command judges itself. */
  readonly oneOf?: readonly string[];
  /** The value that the option has without one; one is then given as `--name=value` only. */
  readonly bare?: string;
}

/** What a user types after the options. */
export interface Positionals {
  /** As the usage line shows them: `<name...>`, `[change-id]`. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
}

/** What was given on the command line, after parsing and before any meaning. */
export interface Given {
  /** The command's name. */
  readonly command: string;
  readonly positionals: readonly string[];
  /** What stands behind `--`. */
  readonly rest: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
}

/** A line of a command's help that shows how it is used. */
export interface Example {
  readonly command: string;
  readonly what: string;
}

/** A command as one value: what it is called, takes, does to the world, and needs to be allowed. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly positionals?: Positionals;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly Example[];
  /** Whether it may change a load balancer. */
  readonly mutates: boolean;
  /** IAM actions without their prefix `elasticloadbalancing:`. */
  readonly iam: readonly string[];
  /** Whether `--` may be followed by a command line. */
  readonly takesRest?: boolean;
  /** The formats that the result can be had in; text and json where nothing is said. */
  readonly outputs?: readonly OutputFormat[];
  readonly exitCodes: readonly ExitCode[];
  readonly run: (given: Given, context: Context) => Promise<ExitCode>;
}
