/** An option of a command, as the parser and the help need it. */
export interface Option {
  /** `flag` takes no value; `text` one, given once; `texts` several, given repeatedly or as a comma-separated list. */
  readonly type: 'flag' | 'text' | 'texts';
  readonly describe: string;
  /** For `texts`: commas belong to the value. */
  readonly whole?: boolean;
  /** One letter. */
  readonly alias?: string;
  /** The value's name in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Values to list when one is missing, for an option whose values the command judges itself. */
  readonly oneOf?: readonly string[];
  /** The value that the option has without one; one is then given as `--name=value` only. */
  readonly bare?: string;
}

/** Options by their names. */
export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O['type'] extends 'flag'
  ? boolean
  : O['type'] extends 'texts'
    ? readonly string[]
    : (O extends { readonly choices: readonly (infer Choice)[] } ? Choice : string) | undefined;

/** The values of some options: an undeclared name does not compile. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };
