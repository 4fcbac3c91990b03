import type { Command } from 'commander';

/** A command: its options, its examples and what it does. One file each: `commands/profile/create.ts` is `esim profile create`. */
export type CommandFile = {
  /** `tree`: all commands, for the few that speak about others. */
  readonly configure: (command: Command, tree: CommandTree) => void;
};

export type Leaf = { readonly about: string; readonly load: () => Promise<CommandFile> };
/** `load`: what the group does by itself, without one of its commands. */
export type Group = {
  readonly about: string;
  readonly commands: CommandTree;
  readonly load?: Leaf['load'];
};
export type CommandTree = { readonly [name: string]: Leaf | Group };

/** What a program can do about an error. */
export type ErrorDetails = {
  /** A word for programs: that of the API, or that of the command. */
  readonly code?: string;
  /** What to do. */
  readonly hint?: string;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** Finds the call in the log of the server. */
  readonly requestId?: string;
};

/** The command was refused or failed. Its message and the hint are written to stderr. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** 1: refused or failed. 2: wrong usage, or a setting without whose correction another try does harm. */
  readonly exitCode: 1 | 2;
  readonly details: ErrorDetails;

  constructor(message: string, exitCode: 1 | 2 = 1, details: ErrorDetails = {}) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
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

const HELP_WIDTH = 80;

/** Adds examples to --help: a command line and its effect per entry, side by side if all of them fit 80 columns. */
export function examples(command: Command, lines: Readonly<Record<string, string>>): void {
  const width = Math.max(...Object.keys(lines).map((line) => line.length));
  const entries = Object.entries(lines);
  const fits = entries.every(([, about]) => width + about.length + 4 <= HELP_WIDTH);
  const text = entries.map(([line, about]) =>
    fits ? `  ${line.padEnd(width)}  ${about}` : `  ${breakLine(line)}\n      ${wrapText(about)}`,
  );
  command.addHelpText('after', `\nExamples:\n${text.join('\n')}`);
}

/** A command line that a shell reads as one: it is divided between options. */
function breakLine(line: string): string {
  const [first = '', ...options] = line.split(/ (?=--)/);
  return join([first, ...options], ' \\\n    ');
}

/** A paragraph of --help, in lines of at most 80 columns. */
export const helpText = (text: string): string => `\n${join(text.split(' '), '\n')}`;

const wrapText = (text: string): string => join(text.split(' '), '\n      ');

/** Joins words by spaces, and by `end` where the line would be too long. */
function join(words: readonly string[], end: string): string {
  const most = HELP_WIDTH - ' \\'.length - end.length;
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(end);
}
