import type { Completed, CompletedCommand, CompletedOption } from './completion-model.js';

/** The completion script for zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef elb-proxy
# zsh completion for elb-proxy
# for this shell:   source <(elb-proxy completion zsh)
# for every shell:  elb-proxy completion zsh > a file named _elb-proxy in a directory of $fpath

# Names that status saw within the hour; no call is made.
_elb_proxy_names() {
  local -a names
  names=(\${(f)"$(elb-proxy completion names "\${where[@]}" 2>/dev/null)"})
  compadd -- "\${names[@]}"
}

_elb_proxy_commands() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  _describe -t commands 'command' commands
}

_elb_proxy() {
  local verb= word prev
  local -a where options
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case $word in
      --) _normal; return ;;
      --region=* | --endpoint-url=*) where+=("$word") ;;
      ${valueOptions(commands.flatMap(({ options }) => options))})
        case $word in
          --region | --endpoint-url) ((i + 1 < CURRENT)) && where+=("$word=\${words[i + 1]}") ;;
        esac
        ((i++))
        ;;
      -*) ;;
      *) [[ -z $verb ]] && verb=$word ;;
    esac
  done
  prev=\${words[CURRENT - 1]}
  if [[ \${words[CURRENT]} == --*=* ]]; then
    prev=\${words[CURRENT]%%=*}=
    compset -P '*='
  fi
  case $verb:$prev in
${commands.flatMap(({ name, options }) => options.flatMap((option) => valueLines(name, option))).join('\n')}
  esac
  if [[ -z $verb ]]; then
    _elb_proxy_commands
    return
  fi
  case $verb in
${commands.map(commandLines).join('\n')}
    *) return 1 ;;
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -t options 'option' options
    return
  fi
  case $verb in
${commands.flatMap(({ name, positional }) => (positional.kind === 'nothing' ? [] : [`    ${name}) ${call(positional)} ;;`])).join('\n')}
  esac
}

# Loaded from $fpath this file is the function itself; else it makes itself known.
if [[ \${funcstack[1]} == _elb-proxy ]]; then
  _elb_proxy "$@"
elif (( $+functions[compdef] )); then
  compdef _elb_proxy elb-proxy
fi
`;
}

function valueOptions(options: readonly CompletedOption[]): string {
  const spelled = options
    .filter(({ value, optional }) => value !== undefined && !optional)
    .flatMap(({ name, alias }) => (alias === undefined ? [`--${name}`] : [`--${name}`, `-${alias}`]));
  return [...new Set(spelled)].join(' | ');
}

function valueLines(verb: string, { name, alias, value, optional }: CompletedOption): readonly string[] {
  if (value === undefined) return [];
  const apart = [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])];
  const patterns = [`--${name}=`, ...(optional ? [] : apart)].map((spelling) => `${verb}:${spelling}`);
  return [
    `    ${patterns.join(' | ')}) ${[call(value), 'return'].filter((part) => part !== '').join('; ')} ;;`,
  ];
}

function commandLines({ name, options }: CompletedCommand): string {
  const items = options.map((option) => quoted(`--${option.name}:${option.describe}`));
  return `    ${name}) options=(${items.join(' ')}) ;;`;
}

function call(completed: Completed): string {
  switch (completed.kind) {
    case 'nothing':
      return '';
    case 'words':
      return `compadd -- ${completed.words.join(' ')}`;
    case 'files':
      return '_files';
    case 'load-balancers':
      return '_elb_proxy_names';
  }
}

/** A word of zsh, for \`_describe\`: only the first colon parts the word from its description. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
