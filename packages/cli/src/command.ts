import type { Command } from 'commander';

/** A command: its options, its examples and what it does. One file each: `commands/profile/create.ts` is `esim profile create`. */
export type CommandFile = { readonly configure: (command: Command) => void };

/** The command could not do what was asked; the message goes to stderr as it is. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** 1: refused or failed. 2: wrong usage. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command ends with the exit code of a program that it ran; there is nothing to say about it. */
export class ProgramExit extends Error {
  override readonly name = 'ProgramExit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`the program ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Whoever read the output has seen enough, as `head` does: the command ends well, and there is nothing to say about it. */
export class SeenEnough extends Error {
  override readonly name = 'SeenEnough';
}

/** Examples for --help, one command line and what it does per entry. */
export function examples(command: Command, lines: Readonly<Record<string, string>>): void {
  const width = Math.max(...Object.keys(lines).map((line) => line.length));
  const text = Object.entries(lines).map(([line, about]) => `  ${line.padEnd(width)}  ${about}`);
  command.addHelpText('after', `\nExamples:\n${text.join('\n')}`);
}
