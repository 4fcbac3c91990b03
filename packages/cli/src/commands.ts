import type { CommandFile } from './command.ts';

export type Leaf = { readonly about: string; readonly load: () => Promise<CommandFile> };
export type Group = { readonly about: string; readonly commands: CommandTree };
export type CommandTree = { readonly [name: string]: Leaf | Group };

/** Every command. A file is loaded when its command is called, so that a small one does not wait for the server's code. */
export const commands: CommandTree = {
  serve: { about: 'run the server: REST API and ES9+', load: () => import('./commands/serve.ts') },
};
