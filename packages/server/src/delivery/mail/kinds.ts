import type { StoredEvent } from '../../store/ports/events.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { installLinkTexts } from './install-link-texts.ts';
import type { MailText } from './mail-text.ts';

/** The languages of our own texts. An account can write templates in any other. */
export const ownLanguages = ['en', 'de'] as const;
type OwnLanguage = (typeof ownLanguages)[number];

/** The values of placeholders, by their names. */
export type MailValues = Readonly<Record<string, string>>;

type Placeholder = {
  readonly about: string;
  /** What a preview shows. */
  readonly example: string;
};

/** One kind of mail: what it is for, what its templates can name, and our own texts. */
export type MailKindRow = {
  readonly about: string;
  readonly placeholders: Readonly<Record<string, Placeholder>>;
  /** Of the languages that every kind has, and of any others. */
  readonly texts: Readonly<Record<OwnLanguage, MailText>> & Readonly<Record<string, MailText>>;
  /** Recipients of the account can choose it. */
  readonly isAlert?: true;
  /** The placeholder whose value the picture {{qr_code}} shows as a QR code. */
  readonly qrCodeOf?: string;
  /** The values that come from the event of the delivery: they are stored with the event only. */
  readonly valuesOf?: (event: StoredEvent) => MailValues;
};

/** Placeholders of every kind. */
const common = {
  account: { about: 'the name of the account', example: 'Example Mobile' },
} as const satisfies MailKindRow['placeholders'];

/** What the placeholder {{qr_code}} of HTML is replaced with: the address of a picture that is part of the mail. */
export const QR_CODE_ADDRESS = 'cid:qr-code';

/**
 * Every kind of mail. A new kind is one more row. The facts of a delivery (`newMail`) give the values of its placeholders; those that are secret, such as
 * links with a token, are read when the mail is sent: see `readSecretValues` of `mailChannel`.
 */
export const mailKinds = {
  test: {
    about: 'A test, which esim mail test sends',
    placeholders: { ...common },
    texts: {
      en: {
        subject: 'Test mail of {{account}}',
        text: 'This is a test of the mail of {{account}}.\n\nIt has arrived, so the settings of mail work.\n',
      },
      de: {
        subject: 'Test-E-Mail von {{account}}',
        text: 'Dies ist ein Test der E-Mail von {{account}}.\n\nSie ist angekommen, die Einstellungen funktionieren also.\n',
      },
    },
  },
  invitation: {
    about:
      'An invitation to the console, also to choose a new password: POST /people/{personId}/invitation/mail sends it',
    placeholders: {
      ...common,
      name: { about: 'the name of the person', example: 'Ada Lovelace' },
      link: {
        about: 'the link, which works once and for three days',
        example: 'https://rsp.example.com/console/accept#mN0QbIZ6zA1yXw2vUt3sRq4pOn5mLk6jIh7gFe8dCb9',
      },
    },
    texts: {
      en: {
        subject: 'Your access to the eSIM console of {{account}}',
        text: 'Hello {{name}},\n\nopen this link and choose a password for the eSIM console of {{account}}:\n\n  {{link}}\n\nThe link works once, for three days. Keep it to yourself. If you expected no such mail, you need not do anything.\n',
      },
      de: {
        subject: 'Ihr Zugang zur eSIM-Konsole von {{account}}',
        text: 'Guten Tag {{name}},\n\nöffnen Sie diesen Link und wählen Sie ein Passwort für die eSIM-Konsole von {{account}}:\n\n  {{link}}\n\nDer Link gilt einmal, drei Tage lang. Geben Sie ihn nicht weiter. Falls Sie keine solche E-Mail erwartet haben, brauchen Sie nichts zu tun.\n',
      },
    },
  },
  webhook_disabled: {
    about:
      'An alert: a webhook was disabled, because its receiver did not answer for three days or wants no more events',
    isAlert: true,
    placeholders: {
      ...common,
      webhook_id: { about: 'the id of the webhook', example: 'we_5b1f0c3a9d2e47f86a1b0c2d' },
      reason: {
        about: 'why it was disabled',
        example: 'answered 410 Gone: the receiver wants no more events',
      },
    },
    texts: {
      en: {
        subject: 'A webhook of {{account}} was disabled',
        text: 'The webhook {{webhook_id}} of {{account}} was disabled: {{reason}}.\n\nIt receives no events until you enable it:\n\n  esim webhook update {{webhook_id}} --enable\n',
      },
      de: {
        subject: 'Ein Webhook von {{account}} wurde abgeschaltet',
        text: 'Der Webhook {{webhook_id}} von {{account}} wurde abgeschaltet: {{reason}}.\n\nEr erhält keine Ereignisse, bis Sie ihn einschalten:\n\n  esim webhook update {{webhook_id}} --enable\n',
      },
    },
  },
  low_stock: {
    about: 'An alert: the stock of a type has fallen to its limit',
    isAlert: true,
    placeholders: {
      ...common,
      profile_type: { about: 'the type of the profiles', example: 'basic' },
      available: { about: 'how many of them are AVAILABLE', example: '100' },
      low_stock_at: { about: 'the limit', example: '100' },
    },
    texts: {
      en: {
        subject: 'Few profiles of the type {{profile_type}} are left',
        text: '{{account}} has {{available}} available profiles of the type {{profile_type}}; the limit is {{low_stock_at}}.\n\nImport or generate more:\n\n  esim profile import FILE\n  esim profile generate --help\n',
      },
      de: {
        subject: 'Nur noch wenige Profile der Art {{profile_type}}',
        text: '{{account}} hat {{available}} verfügbare Profile der Art {{profile_type}}; die Grenze ist {{low_stock_at}}.\n\nImportieren oder erzeugen Sie weitere:\n\n  esim profile import DATEI\n  esim profile generate --help\n',
      },
    },
  },
  core_network_failing: {
    about: 'An alert: a core network has taken no subscription for ten minutes',
    isAlert: true,
    placeholders: {
      ...common,
      core_network: { about: 'the name of the core network', example: 'hlr' },
      reason: { about: 'why the last attempt failed', example: 'the connection was refused' },
      since: { about: 'since when every attempt has failed', example: '2026-12-13T10:00:00.000Z' },
    },
    texts: {
      en: {
        subject: 'The core network {{core_network}} takes no subscriptions',
        text: 'The core network {{core_network}} of {{account}} has taken no subscription since {{since}}: {{reason}}.\n\nThe server tries again for three days. See what waits:\n\n  esim core deliveries {{core_network}} --state pending\n',
      },
      de: {
        subject: 'Das Kernnetz {{core_network}} nimmt keine Teilnehmer an',
        text: 'Das Kernnetz {{core_network}} von {{account}} hat seit {{since}} keinen Teilnehmer angenommen: {{reason}}.\n\nDer Server versucht es drei Tage lang. Was wartet, zeigt:\n\n  esim core deliveries {{core_network}} --state pending\n',
      },
    },
  },
  help_requested: {
    about: 'An alert: a customer asks for help on the install page',
    isAlert: true,
    placeholders: {
      ...common,
      iccid: { about: 'the profile that the page is about', example: '8900101000000000019' },
      message: { about: 'what the customer has written, or nothing', example: 'I have a new phone.' },
    },
    texts: {
      en: {
        subject: 'A customer of {{account}} asks for help',
        text: 'The customer with the profile {{iccid}} asks for help on the install page.\n\n{{message}}\n\nSee what happened, and answer with a new link:\n\n  esim profile show {{iccid}}\n  esim profile link {{iccid}} --send-to ADDRESS\n',
      },
      de: {
        subject: 'Ein Kunde von {{account}} bittet um Hilfe',
        text: 'Der Kunde mit dem Profil {{iccid}} bittet auf der Installationsseite um Hilfe.\n\n{{message}}\n\nSehen Sie nach, was geschehen ist, und antworten Sie mit einem neuen Link:\n\n  esim profile show {{iccid}}\n  esim profile link {{iccid}} --send-to ADRESSE\n',
      },
    },
    valuesOf: ({ iccid, message = '' }) => ({ iccid, message }),
  },
  install_link: {
    about: 'The install link of a profile, to its customer',
    placeholders: {
      ...common,
      brand: { about: 'the name above the install page', example: 'Example Travel' },
      profile_name: { about: 'the name of the profile on the phone', example: 'Travel 10 GB' },
      link: {
        about: 'the link, a secret',
        example: 'https://esim.example.com/i/Zm9yIGFuIGV4YW1wbGUgb25seSwg',
      },
      qr_code: {
        about: 'in HTML, the address of a picture: the link as a QR code',
        example: QR_CODE_ADDRESS,
      },
      expires_on: { about: 'the day on which the link expires', example: '2026-12-31' },
      contact: { about: 'how to reach support, a line each; or nothing', example: 'help@example.com' },
      colour: { about: 'the colour of the brand', example: '#0b57d0' },
      text_colour: { about: 'the colour of a text on it', example: '#ffffff' },
    },
    texts: installLinkTexts,
    qrCodeOf: 'link',
  },
  certificate_expiry: {
    about:
      'An alert to the operator of the server (ESIM_MAIL_ALERTS_TO): a certificate of the server or of a CI ends soon',
    placeholders: {
      server: { about: 'the SM-DP+ address of the server', example: 'rsp.example.com' },
      certificate: { about: 'the certificate', example: 'dp-tls, CN=rsp.example.com' },
      days_left: { about: 'whole days until it ends', example: '14' },
      ends_on: { about: 'the day on which it ends', example: '2026-12-13' },
    },
    texts: {
      en: {
        subject: 'A certificate of {{server}} ends in {{days_left}} days',
        text: 'The certificate {{certificate}} of {{server}} ends on {{ends_on}}, in {{days_left}} days.\n\nThen phones or operators refuse the server. Renew it; see docs/guide/runbooks.md.\n',
      },
      de: {
        subject: 'Ein Zertifikat von {{server}} läuft in {{days_left}} Tagen ab',
        text: 'Das Zertifikat {{certificate}} von {{server}} läuft am {{ends_on}} ab, in {{days_left}} Tagen.\n\nDann weisen Telefone oder Betreiber den Server ab. Erneuern Sie es; siehe docs/guide/runbooks.md.\n',
      },
    },
  },
} as const satisfies Readonly<Record<string, MailKindRow>>;
export type MailKind = keyof typeof mailKinds;
export type AlertKind = 'webhook_disabled' | 'low_stock' | 'core_network_failing' | 'help_requested';
export const mailKindNames = Object.keys(mailKinds) as MailKind[];

/** The kinds that recipients of an account can choose. */
export const alertKindNames = mailKindNames.filter((kind) => 'isAlert' in mailKinds[kind]) as AlertKind[];

/** The row of a kind; undefined: a later release may have sent it. */
export function mailKindRow(kind: string): MailKindRow | undefined {
  return Object.hasOwn(mailKinds, kind) ? mailKinds[kind as MailKind] : undefined;
}

/** Example values of all placeholders of a kind. */
export function exampleValues({ placeholders }: MailKindRow): MailValues {
  return Object.fromEntries(Object.entries(placeholders).map(([name, { example }]) => [name, example]));
}

/** Reads the secret values of a mail when it is sent. undefined: what it is about is gone, so the mail is not sent. */
export type ReadSecretValues = (delivery: Delivery) => Promise<MailValues | undefined>;
