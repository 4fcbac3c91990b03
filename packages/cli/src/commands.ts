import type { CommandFile } from './command.ts';

export type Leaf = { readonly about: string; readonly load: () => Promise<CommandFile> };
export type Group = { readonly about: string; readonly commands: CommandTree };
export type CommandTree = { readonly [name: string]: Leaf | Group };

/** Every command. A file is loaded when its command is called, so that a small one does not wait for the server's code. */
export const commands: CommandTree = {
  phone: {
    about: 'virtual phones: an eUICC and the LPA beside it',
    commands: {
      create: { about: 'make a phone', load: () => import('./commands/phone/create.ts') },
      list: { about: 'show phones and their profiles', load: () => import('./commands/phone/list.ts') },
      download: { about: 'download a profile', load: () => import('./commands/phone/download.ts') },
      enable: { about: 'switch to a profile', load: () => import('./commands/phone/enable.ts') },
      disable: { about: 'switch a profile off', load: () => import('./commands/phone/disable.ts') },
      delete: { about: 'remove a profile', load: () => import('./commands/phone/delete.ts') },
      notifications: {
        about: 'list or send what the phone has not told yet',
        load: () => import('./commands/phone/notifications.ts'),
      },
    },
  },
  serve: { about: 'run the server: REST API and ES9+', load: () => import('./commands/serve.ts') },
};
