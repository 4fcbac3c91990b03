import { Command } from 'commander';
import type { CommandFile, CommandTree, Group } from '../command.ts';

/** An option of a command: `--sort`, with the values that it takes if they are known. */
export type CompletedOption = {
  readonly long: string;
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
};

/** What can follow a command or a group of commands. */
export type Place = {
  /** The command line so far: `esim profile`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly CompletedOption[];
  /** Values that its first argument can have. */
  readonly values: readonly string[];
};

/** All commands and groups of the tree. It loads every command. */
export async function placesIn(tree: CommandTree, path = 'esim', all = tree): Promise<Place[]> {
  const entries = Object.entries(tree);
  const commands = entries.map(([name, { about }]) => ({ name, about }));
  const below = await Promise.all(
    entries.map(async ([name, entry]) =>
      'commands' in entry
        ? placesOfGroup(entry, name, `${path} ${name}`, all)
        : [placeOf(`${path} ${name}`, configured(await entry.load(), name, all))],
    ),
  );
  return [{ path, commands, options: [help], values: [] }, ...below.flat()];
}

/** A group may have options of its own. */
async function placesOfGroup(
  { commands, load }: Group,
  name: string,
  path: string,
  all: CommandTree,
): Promise<Place[]> {
  const [group, ...below] = await placesIn(commands, path, all);
  if (group === undefined || load === undefined) return group === undefined ? below : [group, ...below];
  return [{ ...placeOf(path, configured(await load(), name, all)), commands: group.commands }, ...below];
}

const help: CompletedOption = { long: '--help', about: 'show the help', takesValue: false, choices: [] };

function configured(file: CommandFile, name: string, tree: CommandTree): Command {
  const command = new Command(name);
  file.configure(command, tree);
  return command;
}

function placeOf(path: string, command: Command): Place {
  const options = command.options.flatMap(({ long, description, required, optional, argChoices = [] }) =>
    long ? [{ long, about: description, takesValue: required || optional, choices: argChoices }] : [],
  );
  const values = command.registeredArguments[0]?.argChoices ?? [];
  return { path, commands: [], options: [...options, help], values };
}

/** The paths of all commands and groups but `esim` itself. */
export function pathsBelow(places: readonly Place[]): string[] {
  return places.map(({ path }) => path).filter((path) => path !== 'esim');
}

/** A text in single quotes, for a shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
