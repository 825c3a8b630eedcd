import type { Completed, CompletedCommand, CompletedOption } from './completion-model.js';

/** The completion script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# fish completion for elb-proxy',
    '# for this shell:   elb-proxy completion fish | source',
    '# for every shell:  elb-proxy completion fish > ~/.config/fish/completions/elb-proxy.fish',
    '',
    '# Names that status saw within the hour; no call is made.',
    'function __elb_proxy_names',
    '    set -l where',
    '    set -l words (commandline -opc)',
    '    for i in (seq (count $words))',
    '        switch $words[$i]',
    "            case '--region=*' '--endpoint-url=*'",
    '                set -a where $words[$i]',
    '            case --region --endpoint-url',
    '                test $i -lt (count $words); and set -a where $words[$i]=$words[(math $i + 1)]',
    '        end',
    '    end',
    '    elb-proxy completion names $where 2>/dev/null',
    'end',
    '',
    'complete -c elb-proxy -f',
    "complete -c elb-proxy -n __fish_use_subcommand -l help -s h -d 'show help'",
    "complete -c elb-proxy -n __fish_use_subcommand -l version -d 'show the version'",
    ...commands.flatMap(commandLines),
    '',
  ].join('\n');
}

function commandLines({ name, summary, options, positional }: CompletedCommand): readonly string[] {
  const within = `complete -c elb-proxy -n '__fish_seen_subcommand_from ${name}'`;
  return [
    '',
    `complete -c elb-proxy -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...(positional.kind === 'nothing' ? [] : [`${within} ${positionalWords(positional)}`]),
    ...options.map((option) => `${within} ${optionWords(option)}`),
  ];
}

function positionalWords(positional: Exclude<Completed, { kind: 'nothing' }>): string {
  return positional.kind === 'files' ? '-F' : `-a ${argument(positional)}`;
}

function optionWords({ name, alias, describe, value }: CompletedOption): string {
  const takes =
    value === undefined
      ? []
      : value.kind === 'nothing'
        ? ['-x']
        : value.kind === 'files'
          ? ['-r', '-F']
          : ['-x', `-a ${argument(value)}`];
  const spelled = [`-l ${name}`, ...(alias === undefined ? [] : [`-s ${alias}`])];
  return [...spelled, ...takes, `-d ${quoted(describe)}`].join(' ');
}

function argument(completed: Extract<Completed, { kind: 'words' | 'load-balancers' }>): string {
  return completed.kind === 'words' ? quoted(completed.words.join(' ')) : "'(__elb_proxy_names)'";
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
