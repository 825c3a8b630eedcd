import { withoutUndefined } from './without-undefined.js';

/** The options that say who acts and where: what a follow-up command has to repeat. */
export interface RunOptions {
  /** `--profile`. */
  readonly profile?: string | undefined;
  /** `--region`. */
  readonly region?: string | undefined;
  /** `--endpoint-url`. */
  readonly endpointUrl?: string | undefined;
}

// A property of the process, like its name: every message that names a command depends on it.
let ofThisRun: RunOptions = {};

/** Says what every command that is printed from now on carries. The program calls it once; the library never. */
export function goOnWith(options: RunOptions): void {
  ofThisRun = options;
}

/**
 * A follow-up command of this program, for a POSIX shell: with the `--profile`, `--region` and `--endpoint-url` of this
 * run, so that it acts as the same caller in the same place.
 * @param options by name without dashes; `true` for a flag. They override the run's own.
 */
export function nextCommand(
  verb: string,
  positionals: readonly string[] = [],
  options: Readonly<Record<string, string | true | undefined>> = {},
): string {
  const { profile, region, endpointUrl } = ofThisRun;
  const words = optionWords({
    ...options,
    profile,
    region,
    'endpoint-url': endpointUrl,
    ...withoutUndefined(options),
  });
  const operands = positionals.map(shellWord);
  // A word that begins with a dash would be read as an option.
  return positionals.some((word) => word.startsWith('-') && word !== '-')
    ? ['elb-proxy', verb, ...words, '--', ...operands].join(' ')
    : ['elb-proxy', verb, ...operands, ...words].join(' ');
}

/** The command that shows one load balancer. */
export function statusCommand({ name, region }: { readonly name: string; readonly region: string }): string {
  return nextCommand('status', [name], { region });
}

/** The options by which the AWS CLI acts as the same caller in a region, at an endpoint. */
export function awsOptions(region: string, endpoint: string | undefined): readonly string[] {
  const { profile, endpointUrl } = ofThisRun;
  return optionWords({ region, 'endpoint-url': endpoint ?? endpointUrl, profile });
}

function optionWords(options: Readonly<Record<string, string | true | undefined>>): readonly string[] {
  return Object.entries(withoutUndefined(options)).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    return value.startsWith('-') ? [`--${name}=${shellWord(value)}`] : [`--${name}`, shellWord(value)];
  });
}

/** A text as one word of a POSIX shell: as it is where that is safe, else in single quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
