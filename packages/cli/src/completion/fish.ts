import { type Place, pathsBelow } from './places.ts';

/** A script that fish sources, or finds as esim.fish in its folder of completions. */
export function fishCompletion(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const at = `complete -c esim -n ${quote(`__esim_at "${place.path}"`)}`;
    return [
      ...place.commands.map(({ name, about }) => `${at} -f -a ${name} -d ${quote(about)}`),
      ...place.values.map((value) => `${at} -f -a ${quote(value)}`),
      ...place.options.map(({ long, about, takesValue, choices }) => {
        const value = choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : takesValue ? ' -r' : '';
        return `${at} -l ${long.slice(2)}${value} -d ${quote(about)}`;
      }),
    ];
  });
  return `# fish completion for esim: esim completion fish | source
function __esim_at
  set -l at esim
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${pathsBelow(places).map(quote).join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

/** In single quotes of fish, a backslash and a quote have a backslash before them. */
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
