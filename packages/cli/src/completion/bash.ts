import { type Place, pathsBelow, quote } from './places.ts';

/** A script that bash sources. Where a command takes no known words, bash completes the names of files. */
export function bashCompletion(places: readonly Place[]): string {
  const words = places.map((place) => `    ${quote(place.path)}) words=${quote(wordsOf(place))} ;;`);
  const choices = places.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ long, choices }) => `    ${quote(`${path} ${long}`)}) words=${quote(choices.join(' '))} ;;`),
  );
  return `# bash completion for esim: source <(esim completion bash)
_esim() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at=esim words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
    ${pathsBelow(places).map(quote).join(' | \\\n    ')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at" in
${words.join('\n')}
  esac
  case "$at $prev" in
${choices.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _esim esim
`;
}

function wordsOf({ commands, options, values }: Place): string {
  return [...commands.map(({ name }) => name), ...values, ...options.map(({ long }) => long)].join(' ');
}
