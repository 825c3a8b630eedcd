import type { shells } from './complete.js';

// Each asks the program what fits, and gives it the words up to the cursor; its answer is a word a line, behind a tab
// what it is, or `:files`, or `:command`. Nothing else is known here, so that nothing has to be generated.

const bash = `# bash completion for elb-proxy
# for this shell:   source <(elb-proxy completion bash)
# for every shell:  elb-proxy completion bash > ~/.local/share/bash-completion/completions/elb-proxy

_elb_proxy() {
  local cur=\${COMP_WORDS[COMP_CWORD]} word line head= i
  local -a words
  COMPREPLY=()
  # bash takes words apart at equals signs and colons; the program gets them whole.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((\${#words[@]} > 0)) && [[ $word == [=:] || \${COMP_WORDS[i - 1]} == [=:] ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  [[ $cur == [=:] ]] && cur=
  word=\${words[\${#words[@]} - 1]#*=}
  head=\${word%"$cur"}
  while IFS= read -r line; do
    case $line in
      :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
        ;;
      :command) compopt -o default 2>/dev/null ;;
      *)
        line=\${line%%$'\\t'*}
        COMPREPLY+=("\${line#"$head"}")
        ;;
    esac
  done < <(elb-proxy completion words -- "\${words[@]}" 2>/dev/null)
}

complete -F _elb_proxy elb-proxy
`;

const zsh = `#compdef elb-proxy
# zsh completion for elb-proxy
# for this shell:   source <(elb-proxy completion zsh)
# for every shell:  elb-proxy completion zsh > a file named _elb-proxy in a directory of $fpath

_elb_proxy() {
  local line word
  local -a lines items
  lines=("\${(@f)$(elb-proxy completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ \${words[CURRENT]} == --*=* ]] && compset -P '*='
  for line in "\${lines[@]}"; do
    case $line in
      '') ;;
      :files) _files; return ;;
      :command) _normal; return ;;
      *)
        word=\${line%%$'\\t'*}
        if [[ $word == $line ]]; then
          items+=("\${word//:/\\\\:}")
        else
          items+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
        fi
        ;;
    esac
  done
  (( \${#items} )) && _describe -V -t words 'elb-proxy' items
}

# Loaded from $fpath this file is the function itself; else it makes itself known.
if [[ \${funcstack[1]} == _elb-proxy ]]; then
  _elb_proxy "$@"
elif (( $+functions[compdef] )); then
  compdef _elb_proxy elb-proxy
fi
`;

const fish = `# fish completion for elb-proxy
# for this shell:   elb-proxy completion fish | source
# for every shell:  elb-proxy completion fish > ~/.config/fish/completions/elb-proxy.fish

function __elb_proxy_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l option (string match -r -- '^--[^=]+=' "$current")
    for line in (elb-proxy completion words -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$current"))
                    echo -- "$option$path"
                end
            case ':command'
                __fish_complete_subcommand
            case '*'
                echo -- "$option$line"
        end
    end
end

complete -c elb-proxy -f -a '(__elb_proxy_words)'
`;

/** The completion script of a shell. */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish };
