import type { Completed, CompletedCommand, CompletedOption } from './completion-model.js';

/** The completion script for bash 3.2 and newer. The words in it are our own; names come from `completion names`. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const options = commands.flatMap((command) => command.options);
  const names = commands.map(({ name }) => name);
  return `# bash completion for elb-proxy
# for this shell:   source <(elb-proxy completion bash)
# for every shell:  elb-proxy completion bash > ~/.local/share/bash-completion/completions/elb-proxy

_elb_proxy_words() {
  local word
  for word in $1; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

_elb_proxy_files() {
  local file
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
}

# Names that status saw within the hour; no call is made.
_elb_proxy_names() {
  local name
  while IFS= read -r name; do
    [[ $name == "$cur"* ]] && COMPREPLY+=("$name")
  done < <(elb-proxy completion names \${where[@]+"\${where[@]}"} 2>/dev/null)
}

_elb_proxy() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} verb= word next i
  local -a where
  COMPREPLY=()
  # bash takes --option=value apart at the equals sign.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]] && ((COMP_CWORD > 2)); then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      --) compopt -o default 2>/dev/null; return ;;
      ${valueOptions(options)})
        next=\${COMP_WORDS[i + 1]}
        [[ $next == = ]] && { ((i++)); next=\${COMP_WORDS[i + 1]}; }
        case $word in
          --region | --endpoint-url) ((i + 1 < COMP_CWORD)) && where+=("$word=$next") ;;
        esac
        ((i++))
        ;;
      -* | =) ;;
      *) [[ -z $verb ]] && verb=$word ;;
    esac
  done
  case $verb:$prev in
${commands.flatMap(({ name, options: own }) => own.flatMap((option) => valueLines(name, option))).join('\n')}
  esac
  if [[ -z $verb ]]; then
    _elb_proxy_words "${names.join(' ')} --help --version"
    return
  fi
  case $verb in
${commands.map(commandLines).join('\n')}
  esac
}

complete -F _elb_proxy elb-proxy
`;
}

/** The options whose value is the next word. */
function valueOptions(options: readonly CompletedOption[]): string {
  const spelled = options
    .filter(({ value, optional }) => value !== undefined && !optional)
    .flatMap((option) => spellings(option));
  return [...new Set(spelled)].join(' | ');
}

function spellings({ name, alias }: CompletedOption): readonly string[] {
  return alias === undefined ? [`--${name}`] : [`--${name}`, `-${alias}`];
}

function valueLines(verb: string, option: CompletedOption): readonly string[] {
  if (option.value === undefined) return [];
  const patterns = spellings(option).map((spelling) => `${verb}:${spelling}`);
  // An option that may stand alone has its value behind an equals sign only.
  const only = option.optional
    ? '[[ "${COMP_WORDS[COMP_CWORD]}" == = || "${COMP_WORDS[COMP_CWORD - 1]}" == = ]] && '
    : '';
  const action = `${call(option.value)}${call(option.value) === '' ? '' : '; '}return`;
  return [`    ${patterns.join(' | ')}) ${only === '' ? action : `${only}{ ${action}; }`} ;;`];
}

function commandLines({ name, options, positional }: CompletedCommand): string {
  const words = options.map((option) => `--${option.name}`).join(' ');
  const rest = call(positional) === '' ? ':' : call(positional);
  return `    ${name}) if [[ $cur == -* ]]; then _elb_proxy_words "${words}"; else ${rest}; fi ;;`;
}

function call(completed: Completed): string {
  switch (completed.kind) {
    case 'nothing':
      return '';
    case 'words':
      return `_elb_proxy_words "${completed.words.join(' ')}"`;
    case 'files':
      return '_elb_proxy_files';
    case 'load-balancers':
      return '_elb_proxy_names';
  }
}
