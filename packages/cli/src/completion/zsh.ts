import { type Place, pathsBelow, quote } from './places.ts';

/** A script that zsh sources, or finds as _esim in a folder of fpath. */
export function zshCompletion(places: readonly Place[]): string {
  const words = places.map((place) => `    ${quote(place.path)}) found=(${entriesOf(place)}) ;;`);
  const choices = places.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(
        ({ long, choices }) => `    ${quote(`${path} ${long}`)}) found=(${choices.map(quote).join(' ')}) ;;`,
      ),
  );
  return `#compdef esim
# zsh completion for esim: source <(esim completion zsh)
_esim() {
  local at=esim word
  local -a found
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
    (${pathsBelow(places).map(quote).join(' | \\\n    ')}) at="$at $word" ;;
    esac
  done
  case "$at" in
${words.join('\n')}
  esac
  case "$at \${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  (( $#found )) && _describe 'esim' found || _files
}
if [ "$funcstack[1]" = "_esim" ]; then _esim "$@"; else compdef _esim esim; fi
`;
}

/** The colon divides a word from its description. */
function entriesOf({ commands, options, values }: Place): string {
  return [
    ...commands.map(({ name, about }) => `${name}:${about}`),
    ...values,
    ...options.map(({ long, about }) => `${long}:${about}`),
  ]
    .map(quote)
    .join(' ');
}
