import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CliError, type CommandTree, OutputClosed, ProgramExit } from './command.ts';
import { commands } from './commands.ts';
import { errorLine, errorText } from './errors.ts';

/** Where help and errors are written. */
export type Output = { readonly writeOut: (text: string) => void; readonly writeErr: (text: string) => void };

const terminal: Output = {
  writeOut: (text) => process.stdout.write(text),
  writeErr: (text) => process.stderr.write(text),
};

/** Runs one command line. Resolves to the exit code: 0 done, 1 refused or failed, 2 wrong usage, or that of a program that the command ran. */
export async function runCli(
  argv: readonly string[],
  tree: CommandTree = commands,
  output: Output = terminal,
): Promise<number> {
  const isJson = wantsJson(argv);
  const failed = isJson ? { ...output, writeErr: () => undefined } : output; // the error is written as JSON below
  const program = new Command('esim').description('Open eSIM Remote SIM Provisioning').exitOverride();
  const words = argv.filter((word) => !word.startsWith('-') && word !== 'help');
  program
    .configureOutput(failed)
    .version(version(), '-V, --version')
    .enablePositionalOptions() // arguments after -- belong to the subcommand
    .showHelpAfterError("(see 'esim --help')");
  try {
    await addCommands(program, tree, words);
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === 0 || error instanceof ProgramExit) return exitCode;
    if (isJson) output.writeErr(errorLine(error, pathOf(tree, words)));
    else if (!(error instanceof CommanderError)) output.writeErr(errorText(error)); // commander has printed its reason
    return exitCode;
  }
}

/** Whether `--json` is an option of the command line. What follows -- belongs to another program. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--json');
}

/** The command that the words call, as the user writes it: `esim profile show`. */
function pathOf(tree: CommandTree, [word, ...following]: readonly string[]): string {
  const entry = word === undefined || !Object.hasOwn(tree, word) ? undefined : tree[word];
  if (entry === undefined) return 'esim';
  const below = 'commands' in entry ? pathOf(entry.commands, following) : 'esim';
  return `esim ${word}${below.slice('esim'.length)}`;
}

/** Adds the command tree, and loads only the file of the called command. */
async function addCommands(
  parent: Command,
  tree: CommandTree,
  [called, ...following]: readonly string[],
  path = 'esim',
  root = tree,
): Promise<void> {
  for (const [name, entry] of Object.entries(tree)) {
    const command = parent
      .command(name)
      .description(entry.about)
      .exitOverride()
      .copyInheritedSettings(parent)
      .showHelpAfterError(`(see '${path} ${name} --help')`);
    if ('commands' in entry)
      await addCommands(command, entry.commands, name === called ? following : [], `${path} ${name}`, root);
    if (name === called) (await entry.load?.())?.configure(command, root);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof OutputClosed) return 0;
  if (error instanceof ProgramExit || error instanceof CliError) return error.exitCode;
  return 1;
}

function version(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
