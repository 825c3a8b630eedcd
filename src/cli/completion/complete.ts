import { optionsOf } from '../all-options.js';
import type { Registry } from '../define.js';
import { globalOptions, type Options } from '../options.js';
import { topics } from '../topics/topics.js';
import type { CompletionSources, Place, Suggestion } from './completion-sources.js';
import { readWords, type TypedLine } from './read-words.js';

/** Suggestions for the cursor's place: words, a path, or another program's command line. */
export type Completion =
  | { readonly kind: 'words'; readonly suggestions: readonly Suggestion[] }
  | { readonly kind: 'files' | 'command' };

/** The shells that there is a completion script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

const files: Completion = { kind: 'files' };
const fileOptions = new Set(['out', 'state', 'seed', 'summary', 'certificate']);

/** Names that are completed alike, wherever they are typed. */
type Source = 'load-balancers' | 'ports' | 'target-groups' | 'changes' | 'regions' | 'profiles';
const optionSources: Readonly<Record<string, Source>> = {
  'load-balancer': 'load-balancers',
  port: 'ports',
  'target-group': 'target-groups',
  region: 'regions',
  profile: 'profiles',
};

/** Suggestions for the last word, which may be empty. Makes no API call. */
export async function complete(
  words: readonly string[],
  registry: Registry,
  sources: CompletionSources,
): Promise<Completion> {
  const verb = readWords(words, globalOptions).verb;
  const command =
    verb === undefined || !Object.hasOwn(registry, verb) ? undefined : await registry[verb]?.load();
  const options = command === undefined ? globalOptions : optionsOf(command);
  const line = readWords(words, options);
  if (line.apart && command?.takesRest === true) return { kind: 'command' };
  if (line.option !== undefined) return optionValue(line.option, options, line, sources);
  if (line.current.startsWith('-') && !line.apart)
    return fitting(
      line.current,
      Object.entries(options).map(([name, { describe }]) => ({ word: `--${name}`, about: describe })),
    );
  if (verb === undefined)
    return fitting(
      line.current,
      Object.entries(registry).map(([word, { summary }]) => ({ word, about: summary })),
    );
  return command === undefined ? none : positional(verb, registry, line, sources);
}

const none: Completion = { kind: 'words', suggestions: [] };

function fitting(current: string, suggestions: readonly Suggestion[]): Completion {
  return { kind: 'words', suggestions: suggestions.filter(({ word }) => word.startsWith(current)) };
}

const plain = (words: readonly string[]): readonly Suggestion[] => words.map((word) => ({ word }));

async function optionValue(
  name: string,
  options: Options,
  line: TypedLine,
  sources: CompletionSources,
): Promise<Completion> {
  const option = options[name];
  if (option === undefined || option.type === 'flag') return none;
  if (fileOptions.has(name)) return files;
  const { choices, oneOf = choices } = option;
  const source = optionSources[name];
  const known = oneOf === undefined ? await named(source, line, sources) : plain(oneOf);
  if (option.type !== 'texts' || option.whole === true) return fitting(line.current, known);
  // Behind a comma the next item of the list.
  const before = line.current.slice(0, line.current.lastIndexOf(',') + 1);
  const taken = new Set([...before.split(','), ...(line.given[name] ?? []).flatMap((one) => one.split(','))]);
  return fitting(
    line.current,
    known.flatMap(({ word, about }) => (taken.has(word) ? [] : [{ word: before + word, about }])),
  );
}

/** A command's usage shows what it takes. */
async function positional(
  verb: string,
  registry: Registry,
  line: TypedLine,
  sources: CompletionSources,
): Promise<Completion> {
  const { usage = '' } = registry[verb] ?? {};
  const { current, positionals } = line;
  const first = positionals.length === 0;
  if (usage.includes('name...') || (/[<[]name/.test(usage) && first)) {
    const known = await named('load-balancers', line, sources);
    return fitting(
      current,
      known.filter(({ word }) => !positionals.includes(word)),
    );
  }
  if (verb === 'verify' && positionals[0] === 'capture') return files;
  if (!first) return none;
  if (usage.includes('.json>')) return files;
  if (usage.includes('change-id')) return fitting(current, await named('changes', line, sources));
  switch (verb) {
    case 'completion':
      return fitting(current, plain(shells));
    case 'verify':
      return fitting(current, plain(['backend', 'listen', 'capture']));
    case 'help':
      return fitting(current, [
        ...Object.entries(topics).map(([word, about]) => ({ word, about })),
        ...Object.entries(registry).map(([word, { summary }]) => ({ word, about: summary })),
      ]);
    case 'schema': {
      const { jsonSchemas } = await import('../../render/json/schemas.js');
      return fitting(current, plain(Object.keys(jsonSchemas())));
    }
    default:
      return none;
  }
}

async function named(
  source: Source | undefined,
  line: TypedLine,
  sources: CompletionSources,
): Promise<readonly Suggestion[]> {
  const place: Place = { region: line.given['region']?.at(-1), endpoint: line.given['endpoint-url']?.at(-1) };
  const names = [...line.positionals, ...(line.given['load-balancer'] ?? [])];
  switch (source) {
    case 'load-balancers':
      return plain(await sources.loadBalancers(place));
    case 'ports':
      return plain((await sources.ports(place, names)).map(String));
    case 'target-groups':
      return plain(await sources.targetGroups(place, names));
    case 'changes':
      return sources.changes();
    case 'regions':
      return plain(await sources.regions());
    case 'profiles':
      return plain(await sources.profiles());
    case undefined:
      return [];
  }
}
