import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CliError, OutputClosed, ProgramExit } from './command.ts';
import { type CommandTree, commands } from './commands.ts';
import { escapeLines } from './output.ts';

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
  const program = new Command('esim').description('Open eSIM Remote SIM Provisioning').exitOverride();
  program
    .configureOutput(output)
    .version(version(), '-V, --version')
    .enablePositionalOptions() // arguments after -- belong to the subcommand
    .showHelpAfterError("(see 'esim --help')");
  try {
    const words = argv.filter((word) => !word.startsWith('-') && word !== 'help');
    await addCommands(program, tree, words);
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error, output);
  }
}

/** Adds the command tree, and loads only the file of the called command. */
async function addCommands(parent: Command, tree: CommandTree, words: readonly string[]): Promise<void> {
  const [called, ...following] = words;
  for (const [name, entry] of Object.entries(tree)) {
    const command = parent
      .command(name)
      .description(entry.about)
      .exitOverride()
      .copyInheritedSettings(parent);
    if ('commands' in entry) await addCommands(command, entry.commands, name === called ? following : []);
    else if (name === called) (await entry.load()).configure(command);
  }
}

function exitCodeOf(error: unknown, { writeErr }: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed the reason
  if (error instanceof ProgramExit) return error.exitCode;
  if (error instanceof OutputClosed) return 0;
  if (error instanceof CliError) {
    writeErr(`esim: ${escapeLines(error.message)}\n`);
    return error.exitCode;
  }
  writeErr(`esim: this is a bug in esim, please report it\n${(error as Error)?.stack ?? error}\n`);
  return 1;
}

function version(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
