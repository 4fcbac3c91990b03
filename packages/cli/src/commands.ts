import type { CommandTree } from './command.ts';

/** All commands. A file is loaded when its command runs, so that a small command does not load the server. */
export const commands: CommandTree = {
  status: {
    about: 'check the server, its data and its certificates, and say what to do',
    load: () => import('./commands/status.ts'),
  },
  overview: {
    about: 'show the account in numbers: profiles, stock, downloads, and what needs attention',
    load: () => import('./commands/overview.ts'),
  },
  profile: {
    about: 'create, order, show and manage profiles (through the REST API)',
    commands: {
      create: { about: 'create a profile', load: () => import('./commands/profile/create.ts') },
      import: {
        about: 'create many profiles from a file',
        load: () => import('./commands/profile/import.ts'),
      },
      generate: {
        about: 'create profiles with new keys from ranges of numbers',
        load: () => import('./commands/profile/generate.ts'),
      },
      export: {
        about: 'export profiles as NDJSON or CSV',
        load: () => import('./commands/profile/export.ts'),
      },
      list: { about: 'list profiles', load: () => import('./commands/profile/list.ts') },
      show: {
        about: 'show a profile',
        load: () => import('./commands/profile/show.ts'),
      },
      find: {
        about: 'find profiles by any of their numbers, or by an activation code',
        load: () => import('./commands/profile/find.ts'),
      },
      history: {
        about: 'show the history of a profile',
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
        about: 'cancel an order before its download',
        load: () => import('./commands/profile/cancel.ts'),
      },
      update: {
        about: 'update an order or the labels of a profile',
        load: () => import('./commands/profile/update.ts'),
      },
      're-release': {
        about: 'allow another download of a profile',
        load: () => import('./commands/profile/re-release.ts'),
      },
      link: {
        about: 'create a link to a page on which the customer installs a profile, or show or revoke it',
        load: () => import('./commands/profile/link.ts'),
      },
      retire: { about: 'make a profile UNAVAILABLE', load: () => import('./commands/profile/retire.ts') },
      reset: {
        about: 'delete the order and make the profile AVAILABLE again',
        load: () => import('./commands/profile/reset.ts'),
      },
      replace: {
        about: 'replace an order by a new one, of this profile or of another',
        load: () => import('./commands/profile/replace.ts'),
      },
      delete: {
        about: 'delete a profile from the server: its keys, order and sessions',
        load: () => import('./commands/profile/delete.ts'),
      },
      secrets: {
        about: 'read the PIN, PUK, ADM1 or OTA keys of a profile',
        load: () => import('./commands/profile/secrets.ts'),
      },
      qr: {
        about: 'show the QR code of the activation code',
        load: () => import('./commands/profile/qr.ts'),
      },
    },
  },
  person: {
    about: 'people who sign in to the console (through the REST API)',
    commands: {
      list: { about: 'list the people of the account', load: () => import('./commands/person/list.ts') },
      create: { about: 'invite a person', load: () => import('./commands/person/create.ts') },
      invite: {
        about: 'invite a person again, also to choose a new password',
        load: () => import('./commands/person/invite.ts'),
      },
      update: {
        about: 'change the name or the role of a person, or end their access',
        load: () => import('./commands/person/update.ts'),
      },
      passkeys: {
        about: 'list the passkeys of a person',
        load: () => import('./commands/person/passkeys.ts'),
      },
      'delete-passkey': {
        about: 'delete a passkey of a person',
        load: () => import('./commands/person/delete-passkey.ts'),
      },
      'sign-out': {
        about: 'end all sessions of a person',
        load: () => import('./commands/person/sign-out.ts'),
      },
      delete: { about: 'delete a person', load: () => import('./commands/person/delete.ts') },
    },
  },
  console: {
    about: 'the web console, which the server has at /console',
    commands: {
      link: {
        about: 'create a link that signs you in to the console, once',
        load: () => import('./commands/console/link.ts'),
      },
    },
  },
  type: {
    about: 'profile types and their stock',
    commands: {
      list: {
        about: 'show the number of profiles of each type',
        load: () => import('./commands/type/list.ts'),
      },
      update: {
        about: 'set the stock at which an alert is raised',
        load: () => import('./commands/type/update.ts'),
      },
    },
  },
  template: {
    about: 'templates, from which orders create profiles when none is in stock',
    commands: {
      create: {
        about: 'create the template of a profile type',
        load: () => import('./commands/template/create.ts'),
      },
      list: {
        about: 'list the templates',
        load: () => import('./commands/template/list.ts'),
      },
      show: { about: 'show a template', load: () => import('./commands/template/show.ts') },
      generate: {
        about: 'create profiles with the next numbers of a template',
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
    about: 'virtual phones, each with an eUICC and an LPA',
    commands: {
      create: { about: 'create a phone', load: () => import('./commands/phone/create.ts') },
      list: { about: 'list phones and their profiles', load: () => import('./commands/phone/list.ts') },
      download: { about: 'download a profile', load: () => import('./commands/phone/download.ts') },
      profile: {
        about: 'profiles on a phone',
        commands: {
          list: {
            about: 'list the profiles on a phone',
            load: () => import('./commands/phone/profile/list.ts'),
          },
          enable: { about: 'enable a profile', load: () => import('./commands/phone/profile/enable.ts') },
          disable: { about: 'disable a profile', load: () => import('./commands/phone/profile/disable.ts') },
          delete: {
            about: 'delete a profile from a phone',
            load: () => import('./commands/phone/profile/delete.ts'),
          },
        },
      },
      delete: { about: 'delete a phone', load: () => import('./commands/phone/delete.ts') },
      faults: {
        about: 'list the faults that a phone can simulate',
        load: () => import('./commands/phone/faults.ts'),
      },
      apdu: {
        about: 'let another LPA use the eUICC of a phone',
        load: () => import('./commands/phone/apdu.ts'),
      },
      notifications: {
        about: 'list or send pending notifications',
        load: () => import('./commands/phone/notifications.ts'),
      },
    },
  },
  events: {
    about: 'show the events of all profiles',
    load: () => import('./commands/events.ts'),
  },
  webhook: {
    about: 'webhooks: URLs that receive events (through the REST API)',
    commands: {
      create: { about: 'create a webhook', load: () => import('./commands/webhook/create.ts') },
      list: { about: 'list the webhooks', load: () => import('./commands/webhook/list.ts') },
      show: { about: 'show a webhook', load: () => import('./commands/webhook/show.ts') },
      update: {
        about: 'update the URL or the events of a webhook, or enable it',
        load: () => import('./commands/webhook/update.ts'),
      },
      test: { about: 'send a test message', load: () => import('./commands/webhook/test.ts') },
      deliveries: {
        about: 'list the messages of a webhook and their attempts',
        load: () => import('./commands/webhook/deliveries.ts'),
      },
      replay: { about: 'send a message again', load: () => import('./commands/webhook/replay.ts') },
      rotate: {
        about: 'create a new secret for a webhook',
        load: () => import('./commands/webhook/rotate.ts'),
      },
      delete: { about: 'delete a webhook', load: () => import('./commands/webhook/delete.ts') },
    },
  },
  mail: {
    about: 'mail that the server sends: its deliveries and its texts (through the REST API)',
    commands: {
      test: {
        about: 'send a test mail, and print whether the mail server has accepted it',
        load: () => import('./commands/mail/test.ts'),
      },
      deliveries: {
        about: 'list the mails and their attempts',
        load: () => import('./commands/mail/deliveries.ts'),
      },
      replay: { about: 'send a mail again', load: () => import('./commands/mail/replay.ts') },
      recipient: {
        about: 'who gets alerts of the account by mail',
        commands: {
          list: { about: 'list the recipients', load: () => import('./commands/mail/recipient/list.ts') },
          set: {
            about: 'send alerts to an address, or change which',
            load: () => import('./commands/mail/recipient/set.ts'),
          },
          delete: {
            about: 'send no more alerts to an address',
            load: () => import('./commands/mail/recipient/delete.ts'),
          },
        },
      },
      template: {
        about: 'the texts of mails, in your words',
        commands: {
          list: { about: 'list the texts', load: () => import('./commands/mail/template/list.ts') },
          show: {
            about: 'show the text of a kind of mail, and what it can name',
            load: () => import('./commands/mail/template/show.ts'),
          },
          set: {
            about: 'write the text of a kind of mail',
            load: () => import('./commands/mail/template/set.ts'),
          },
          reset: {
            about: 'delete your text: the text of the server is used again',
            load: () => import('./commands/mail/template/reset.ts'),
          },
          preview: {
            about: 'show a mail with example values',
            load: () => import('./commands/mail/template/preview.ts'),
          },
        },
      },
    },
  },
  audit: {
    about: 'show the audit log, check whether it was changed, or erase entries',
    load: () => import('./commands/audit.ts'),
    commands: {
      verify: {
        about: 'check that audit log and events are as they were written',
        load: () => import('./commands/audit/verify.ts'),
      },
      key: {
        about: 'show the public key that checks the anchors of the logs',
        load: () => import('./commands/audit/key.ts'),
      },
      erase: {
        about: 'erase the content of audit entries for good',
        load: () => import('./commands/audit/erase.ts'),
      },
    },
  },
  session: {
    about: 'download sessions: how downloads went, and why they failed',
    commands: {
      list: { about: 'list the latest sessions', load: () => import('./commands/session/list.ts') },
      show: {
        about: 'show the calls and checks of a session, and which check failed',
        load: () => import('./commands/session/show.ts'),
      },
    },
  },
  pki: {
    about: 'certificates and keys of the server',
    commands: {
      init: { about: 'create a test PKI', load: () => import('./commands/pki/init.ts') },
      show: {
        about: 'show certificates and whether their keys are present',
        load: () => import('./commands/pki/show.ts'),
      },
      renew: {
        about: 'renew the TLS certificate of a test PKI; a running server uses it at once',
        load: () => import('./commands/pki/renew.ts'),
      },
      check: {
        about: 'check certificates and keys as the server does at its start, also keys in tokens',
        load: () => import('./commands/pki/check.ts'),
      },
      seal: {
        about: 'seal the private keys of the PKI folder with a key of the database',
        load: () => import('./commands/pki/seal.ts'),
      },
      'export-key': {
        about: 'write a sealed private key as plain PEM, for another program',
        load: () => import('./commands/pki/export-key.ts'),
      },
      tokens: {
        about: 'list the tokens of a PKCS#11 module, or the private keys of one',
        load: () => import('./commands/pki/tokens.ts'),
      },
      'create-key': {
        about: 'create a key pair in a PKCS#11 token (HSM)',
        load: () => import('./commands/pki/create-key.ts'),
      },
      request: {
        about: 'write the request for a certificate, signed with its key',
        load: () => import('./commands/pki/request.ts'),
      },
      sign: {
        about: 'issue the certificate of a request with the CI of a test PKI',
        load: () => import('./commands/pki/sign.ts'),
      },
      import: {
        about: 'put a certificate of a CI into the PKI folder, after all checks',
        load: () => import('./commands/pki/import.ts'),
      },
    },
  },
  account: {
    about: 'accounts of the server on this machine',
    commands: {
      create: { about: 'create an account', load: () => import('./commands/account/create.ts') },
      brand: {
        about: 'show or change how the install pages for customers look',
        load: () => import('./commands/account/brand.ts'),
      },
      list: { about: 'list the accounts', load: () => import('./commands/account/list.ts') },
      reservation: {
        about: 'ranges of ICCIDs that only one account can use',
        commands: {
          create: {
            about: 'reserve a range of ICCIDs for an account',
            load: () => import('./commands/account/reservation/create.ts'),
          },
          list: {
            about: 'list the reserved ranges of ICCIDs',
            load: () => import('./commands/account/reservation/list.ts'),
          },
          delete: {
            about: 'delete a reservation',
            load: () => import('./commands/account/reservation/delete.ts'),
          },
        },
      },
    },
  },
  key: {
    about: 'API keys of the accounts of the server on this machine',
    commands: {
      create: { about: 'create an API key for an account', load: () => import('./commands/key/create.ts') },
      list: { about: 'list keys with their last use', load: () => import('./commands/key/list.ts') },
      rotate: {
        about: 'create a new key that replaces an old one',
        load: () => import('./commands/key/rotate.ts'),
      },
      delete: {
        about: 'delete a key: the server refuses it',
        load: () => import('./commands/key/delete.ts'),
      },
    },
  },
  operator: {
    about: 'operators that may call ES2+, and the messages to them',
    commands: {
      create: {
        about: 'create an operator, which may then call ES2+',
        load: () => import('./commands/operator/create.ts'),
      },
      list: { about: 'list the operators', load: () => import('./commands/operator/list.ts') },
      update: {
        about: 'update where an operator receives download notifications',
        load: () => import('./commands/operator/update.ts'),
      },
      deliveries: {
        about: 'list the messages to an operator and their attempts',
        load: () => import('./commands/operator/deliveries.ts'),
      },
      replay: {
        about: 'send a message to an operator again',
        load: () => import('./commands/operator/replay.ts'),
      },
      delete: {
        about: 'delete an operator: its calls are then refused',
        load: () => import('./commands/operator/delete.ts'),
      },
      'make-cert': {
        about: 'create a key and a self-signed client certificate, for tests',
        load: () => import('./commands/operator/make-cert.ts'),
      },
    },
  },
  core: {
    about: 'core networks, which get the subscriptions of profiles',
    commands: {
      add: { about: 'create a core network', load: () => import('./commands/core/add.ts') },
      list: { about: 'list the core networks', load: () => import('./commands/core/list.ts') },
      show: { about: 'show a core network', load: () => import('./commands/core/show.ts') },
      update: {
        about: 'update settings of a core network',
        load: () => import('./commands/core/update.ts'),
      },
      send: {
        about: 'send the subscription of a profile now',
        load: () => import('./commands/core/send.ts'),
      },
      deliveries: {
        about: 'list what a core network was sent, and is to be sent',
        load: () => import('./commands/core/deliveries.ts'),
      },
      replay: { about: 'do a delivery again', load: () => import('./commands/core/replay.ts') },
      delete: {
        about: 'delete a core network here; what it has stays there',
        load: () => import('./commands/core/delete.ts'),
      },
    },
  },
  upstream: {
    about: 'other SM-DP+, at which profiles are ordered by ES2+',
    commands: {
      add: { about: 'create an upstream', load: () => import('./commands/upstream/add.ts') },
      list: { about: 'list the upstreams', load: () => import('./commands/upstream/list.ts') },
      show: { about: 'show an upstream and its types', load: () => import('./commands/upstream/show.ts') },
      update: {
        about: 'update settings of an upstream',
        load: () => import('./commands/upstream/update.ts'),
      },
      test: {
        about: 'try the connection to an upstream, and say what is wrong',
        load: () => import('./commands/upstream/test.ts'),
      },
      type: {
        about: 'say that a profile type comes from an upstream',
        load: () => import('./commands/upstream/type.ts'),
      },
      delete: {
        about: 'delete an upstream and its key',
        load: () => import('./commands/upstream/delete.ts'),
      },
    },
  },
  operation: {
    about: 'what was requested from upstreams, and how it ended',
    commands: {
      list: { about: 'list the operations', load: () => import('./commands/operation/list.ts') },
      show: { about: 'show an operation', load: () => import('./commands/operation/show.ts') },
      retry: {
        about: 'try an operation again now that waits for its next attempt',
        load: () => import('./commands/operation/retry.ts'),
      },
      settle: {
        about: 'say whether an upstream has done a call whose outcome is not known',
        load: () => import('./commands/operation/settle.ts'),
      },
    },
  },
  explain: {
    about: 'explain an activation code, a message, a certificate or a profile package',
    load: () => import('./commands/explain.ts'),
  },
  backup: {
    about: 'write all data of the server on this machine into one file',
    load: () => import('./commands/backup.ts'),
  },
  restore: {
    about: 'restore a backup into an empty data folder',
    load: () => import('./commands/restore.ts'),
  },
  secrets: {
    about: 'the keys with which the secrets in the database are sealed',
    commands: {
      status: {
        about: 'show which master key and data keys are in use, and what is not sealed yet',
        load: () => import('./commands/secrets/status.ts'),
      },
      seal: {
        about: 'seal what is not sealed yet; in PostgreSQL this begins when all servers have this release',
        load: () => import('./commands/secrets/seal.ts'),
      },
      plain: {
        about: 'list records whose secrets somebody else has written without sealing them',
        load: () => import('./commands/secrets/plain.ts'),
      },
      rotate: {
        about: 'replace the master key, and seal everything with a new data key if you like',
        load: () => import('./commands/secrets/rotate.ts'),
      },
      'create-key': {
        about: 'create a master key in a PKCS#11 token (HSM)',
        load: () => import('./commands/secrets/create-key.ts'),
      },
    },
  },
  store: {
    about: 'the store of the server: SQLite or PostgreSQL',
    commands: {
      copy: {
        about: 'move all data from SQLite to PostgreSQL, or back',
        load: () => import('./commands/store/copy.ts'),
      },
    },
  },
  completion: {
    about: 'print the script that completes commands in bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
  serve: { about: 'run the server: REST API, ES9+ and ES2+', load: () => import('./commands/serve.ts') },
};
