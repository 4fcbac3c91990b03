import type { Command } from 'commander';

/** A command: its options, its examples and what it does. One file each: `commands/profile/create.ts` is `esim profile create`. */
export type CommandFile = { readonly configure: (command: Command) => void };

/** The command was refused or failed. Its message is written to stderr. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** 1: refused or failed. 2: wrong usage. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command ends with the exit code of a program that it ran, without a message. */
export class ProgramExit extends Error {
  override readonly name = 'ProgramExit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`the program ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** The reader has closed the output, as `head` does: the command ends with exit code 0, without a message. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Adds examples to --help: a command line and its effect per entry. */
export function examples(command: Command, lines: Readonly<Record<string, string>>): void {
  const width = Math.max(...Object.keys(lines).map((line) => line.length));
  const text = Object.entries(lines).map(([line, about]) => `  ${line.padEnd(width)}  ${about}`);
  command.addHelpText('after', `\nExamples:\n${text.join('\n')}`);
}
