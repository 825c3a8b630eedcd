import { probeScript } from './script.js';

/** The script's input. Nothing in it can end a quoted word: the patterns ensure that, here and in the document. */
export interface ProbeParameters {
  /** Addresses, as {@link scriptAddress} writes them; each instance probes those that are its own. */
  readonly Addresses: string;
  readonly Port: string;
  /** Exchanges, a blank between them. */
  readonly Exchanges: string;
}

const octet = '(0|[1-9][0-9]{0,2})';
const address = `(([1-9][0-9]{0,2})(\\.${octet}){3}|[0-9a-f]{4}(:[0-9a-f]{4}){7})`;

/** Regular expressions that whole values match; in a form that Systems Manager takes as well (Java). */
export const parameterPatterns: Readonly<Record<keyof ProbeParameters, string>> = {
  Addresses: `^${address}(,${address}){0,49}$`,
  Port: '^[1-9][0-9]{0,4}$',
  Exchanges: '^[A-Za-z0-9 /*!?.,:;@+=~%_^\\[\\]-]{1,40000}$',
};

const names = ['Addresses', 'Port', 'Exchanges'] as const;

/** The first invalid parameter; undefined if all are valid. */
export function wrongParameter(parameters: Readonly<Record<string, unknown>>): string | undefined {
  const unknown = Object.keys(parameters).find((name) => !(name in parameterPatterns));
  return (
    unknown ??
    names.find((name) => {
      const value = parameters[name];
      return typeof value !== 'string' || !new RegExp(parameterPatterns[name]).test(value);
    })
  );
}

/** The script with its parameters. @throws RangeError for an invalid one */
export function scriptWith(parameters: ProbeParameters): string {
  const wrong = wrongParameter({ ...parameters });
  if (wrong !== undefined) throw new RangeError(`not a value of the parameter ${wrong}`);
  return probeScript.replaceAll(/\{\{(\w+)\}\}/g, (_, name: keyof ProbeParameters) => parameters[name]);
}

/** The parameters in a text; undefined unless it is, byte for byte, this script with parameters. */
export function parametersOf(text: string): ProbeParameters | undefined {
  const match = /^A='([^']*)' P='([^']*)' X='([^']*)'\n/.exec(text);
  if (match === null) return undefined;
  const [, Addresses = '', Port = '', Exchanges = ''] = match;
  const parameters = { Addresses, Port, Exchanges };
  return wrongParameter(parameters) === undefined && scriptWith(parameters) === text ? parameters : undefined;
}
