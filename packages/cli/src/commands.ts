import type { CommandFile } from './command.ts';

export type Leaf = { readonly about: string; readonly load: () => Promise<CommandFile> };
export type Group = { readonly about: string; readonly commands: CommandTree };
export type CommandTree = { readonly [name: string]: Leaf | Group };

/** Every command. A file is loaded when its command is called, so that a small one does not wait for the server's code. */
export const commands: CommandTree = {
  profile: {
    about: 'profiles: stock, order and look them up, through the REST API',
    commands: {
      create: { about: 'create a profile', load: () => import('./commands/profile/create.ts') },
      import: {
        about: 'create many profiles from a file',
        load: () => import('./commands/profile/import.ts'),
      },
      generate: {
        about: 'make subscriptions from ranges of numbers, and stock their profiles',
        load: () => import('./commands/profile/generate.ts'),
      },
      export: {
        about: 'write what is known of profiles, for programs and spreadsheets',
        load: () => import('./commands/profile/export.ts'),
      },
      list: { about: 'show a page of profiles, or all', load: () => import('./commands/profile/list.ts') },
      show: {
        about: 'show all that is known of a profile',
        load: () => import('./commands/profile/show.ts'),
      },
      history: {
        about: 'show what happened to a profile',
        load: () => import('./commands/profile/history.ts'),
      },
      order: {
        about: 'order a profile and print its activation code',
        load: () => import('./commands/profile/order.ts'),
      },
      confirm: {
        about: 'confirm the order of a reserved profile',
        load: () => import('./commands/profile/confirm.ts'),
      },
      release: { about: 'release a confirmed profile', load: () => import('./commands/profile/release.ts') },
      cancel: {
        about: 'cancel an order that nobody has downloaded',
        load: () => import('./commands/profile/cancel.ts'),
      },
      update: {
        about: 'update an order, or what users see of a profile',
        load: () => import('./commands/profile/update.ts'),
      },
      're-release': {
        about: 'let a profile be downloaded once more',
        load: () => import('./commands/profile/re-release.ts'),
      },
      retire: { about: 'take a profile out of use', load: () => import('./commands/profile/retire.ts') },
      reset: {
        about: 'delete the order and make the profile AVAILABLE again',
        load: () => import('./commands/profile/reset.ts'),
      },
      qr: { about: 'draw the activation code to scan', load: () => import('./commands/profile/qr.ts') },
    },
  },
  type: {
    about: 'types of profiles: what is in stock',
    commands: {
      list: { about: 'show how many of each type are left', load: () => import('./commands/type/list.ts') },
    },
  },
  template: {
    about: 'what profiles of a type are made from when none is in stock',
    commands: {
      create: {
        about: 'create the template of a profile type',
        load: () => import('./commands/template/create.ts'),
      },
      list: {
        about: 'show what can be made of which type',
        load: () => import('./commands/template/list.ts'),
      },
      show: { about: 'show one template', load: () => import('./commands/template/show.ts') },
      generate: {
        about: 'stock profiles from the next numbers of a template',
        load: () => import('./commands/template/generate.ts'),
      },
      keys: {
        about: 'derive the keys of subscriptions from a master key',
        load: () => import('./commands/template/keys.ts'),
      },
      delete: {
        about: 'delete a template; its profiles stay',
        load: () => import('./commands/template/delete.ts'),
      },
    },
  },
  phone: {
    about: 'virtual phones: an eUICC and the LPA beside it',
    commands: {
      create: { about: 'create a phone', load: () => import('./commands/phone/create.ts') },
      list: { about: 'show phones and their profiles', load: () => import('./commands/phone/list.ts') },
      download: { about: 'download a profile', load: () => import('./commands/phone/download.ts') },
      enable: { about: 'switch to a profile', load: () => import('./commands/phone/enable.ts') },
      disable: { about: 'switch a profile off', load: () => import('./commands/phone/disable.ts') },
      delete: { about: 'remove a profile', load: () => import('./commands/phone/delete.ts') },
      faults: {
        about: 'list what a phone can be told to do wrong',
        load: () => import('./commands/phone/faults.ts'),
      },
      apdu: { about: 'let another LPA use the card', load: () => import('./commands/phone/apdu.ts') },
      notifications: {
        about: 'list or send what the phone has not told yet',
        load: () => import('./commands/phone/notifications.ts'),
      },
    },
  },
  events: {
    about: 'show what happens to profiles, as it happens',
    load: () => import('./commands/events.ts'),
  },
  webhook: {
    about: 'URLs that are told what happens to profiles, through the REST API',
    commands: {
      create: { about: 'create a webhook', load: () => import('./commands/webhook/create.ts') },
      list: { about: 'show who is told', load: () => import('./commands/webhook/list.ts') },
      show: { about: 'show one webhook', load: () => import('./commands/webhook/show.ts') },
      update: {
        about: 'update the URL or the events, or enable it again',
        load: () => import('./commands/webhook/update.ts'),
      },
      test: { about: 'send a message to see it arrive', load: () => import('./commands/webhook/test.ts') },
      deliveries: {
        about: 'show what was sent and what is still to be sent',
        load: () => import('./commands/webhook/deliveries.ts'),
      },
      replay: { about: 'send a message once more', load: () => import('./commands/webhook/replay.ts') },
      rotate: { about: 'sign with another secret', load: () => import('./commands/webhook/rotate.ts') },
      delete: { about: 'delete a webhook', load: () => import('./commands/webhook/delete.ts') },
    },
  },
  audit: { about: 'show who changed what', load: () => import('./commands/audit.ts') },
  session: {
    about: "download sessions, in the data of this machine's server",
    commands: {
      list: { about: 'show the last sessions', load: () => import('./commands/session/list.ts') },
      show: {
        about: 'show the calls of a session with their checks, and which one refused',
        load: () => import('./commands/session/show.ts'),
      },
    },
  },
  pki: {
    about: 'certificates and keys of the server',
    commands: {
      init: { about: 'make a test PKI', load: () => import('./commands/pki/init.ts') },
      show: {
        about: 'show certificates and whether their keys are there',
        load: () => import('./commands/pki/show.ts'),
      },
    },
  },
  account: {
    about: "accounts of the REST API, in the data of this machine's server",
    commands: { create: { about: 'create an account', load: () => import('./commands/account/create.ts') } },
  },
  key: {
    about: 'API keys of accounts',
    commands: {
      create: { about: 'make a key for an account', load: () => import('./commands/key/create.ts') },
      list: { about: 'show keys and when they were used', load: () => import('./commands/key/list.ts') },
      rotate: { about: 'make a key in the place of another', load: () => import('./commands/key/rotate.ts') },
      revoke: { about: 'end a key', load: () => import('./commands/key/revoke.ts') },
    },
  },
  operator: {
    about: "operators that may call ES2+, in the data of this machine's server",
    commands: {
      create: {
        about: 'create an operator, who may call ES2+ with its certificate',
        load: () => import('./commands/operator/create.ts'),
      },
      list: { about: 'show who may call', load: () => import('./commands/operator/list.ts') },
      progress: {
        about: 'tell an operator of its downloads',
        load: () => import('./commands/operator/progress.ts'),
      },
      deliveries: {
        about: 'show what operators were told, and what is stuck',
        load: () => import('./commands/operator/deliveries.ts'),
      },
      delete: {
        about: 'delete an operator; its calls are refused',
        load: () => import('./commands/operator/delete.ts'),
      },
      'make-cert': {
        about: 'make a key and a certificate to call with, for tests and trials',
        load: () => import('./commands/operator/make-cert.ts'),
      },
    },
  },
  explain: {
    about: 'say what an activation code, a message, a certificate or a profile package is',
    load: () => import('./commands/explain.ts'),
  },
  serve: { about: 'run the server: REST API, ES9+ and ES2+', load: () => import('./commands/serve.ts') },
};
