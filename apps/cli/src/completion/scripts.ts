export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

// Each asks the program itself, which knows its commands, and the instances that there are.
const scripts: Record<Shell, string> = {
  bash: `_toygres() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _toygres toygres
`,
  zsh: `#compdef toygres
_toygres() {
  local -a lines described
  local line
  lines=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe toygres described || _files
}
# Found by its name, this file is the function, and is called for the first TAB; sourced, it says what it is for.
if [[ $funcstack[1] == _toygres ]]; then
  _toygres "$@"
else
  compdef _toygres toygres
fi
`,
  fish: `function __toygres_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c toygres -f -a '(__toygres_complete)'
`,
}

export const completionScript = (shell: Shell): string => scripts[shell]
