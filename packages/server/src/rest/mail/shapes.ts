import { type Static, Type } from '@sinclair/typebox';
import { ADDRESS_IN_WORDS, ADDRESS_PATTERN, MOST_ADDRESS } from '../../delivery/mail/address.ts';
import { mailKindNames, ownLanguages } from '../../delivery/mail/kinds.ts';
import { closed, extending, inWords, literals, named, severalLines } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';

export const MailKindName = named('MailKind', literals(mailKindNames, 'A kind of mail'));

export const MailAddress = Type.String({
  pattern: ADDRESS_PATTERN,
  ...inWords(ADDRESS_IN_WORDS),
  maxLength: MOST_ADDRESS,
  description: 'A mail address',
  examples: ['anna@example.com'],
});

export const MailLanguage = Type.String({
  pattern: '^[a-z]{2,3}(-[A-Z]{2})?$',
  ...inWords('a language such as en or pt-BR'),
  description: `A language of BCP 47, such as pt-BR. The server has texts in ${ownLanguages.join(' and ')}`,
  examples: ['de'],
});

export const MailTemplateParams = Type.Object({ mailKind: MailKindName, language: MailLanguage }, closed);

/** A line of a header: it has no line end, so it is one header and no other. */
const Subject = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$',
  ...inWords('one line'),
  description: 'The subject, with placeholders such as {{account}}',
  examples: ['Nachricht von {{account}}'],
});
const Text = Type.String({
  ...severalLines,
  minLength: 1,
  maxLength: 10_000,
  description: 'The plain text, with placeholders',
  examples: ['Guten Tag,\n\ndies ist eine Nachricht von {{account}}.\n'],
});
const Html = Type.String({
  ...severalLines,
  minLength: 1,
  maxLength: 30_000,
  description: 'The text in HTML, with placeholders; without it, the mail has the plain text only',
  examples: ['<p>Dies ist eine Nachricht von {{account}}.</p>'],
});

export const PutMailTemplateRequest = Type.Object(
  { subject: Subject, text: Text, html: Type.Optional(Html) },
  { ...closed, $id: 'PutMailTemplateRequest', description: 'A mail in your own words' },
);

export const PreviewMailTemplateRequest = Type.Object(
  { subject: Type.Optional(Subject), text: Type.Optional(Text), html: Type.Optional(Html) },
  {
    ...closed,
    $id: 'PreviewMailTemplateRequest',
    description: 'What to preview; members that are absent are those of the template in use',
    examples: [{ subject: Subject.examples?.[0] }],
  },
);

const shown = {
  subject: Type.String({ description: 'The subject' }),
  text: Type.String({ description: 'The plain text' }),
  html: Type.Optional(Type.String({ description: 'The text in HTML; absent when there is none' })),
};

export const MailPreview = Type.Object(shown, {
  $id: 'MailPreview',
  description: 'A mail with example values in the places of its placeholders',
  examples: [{ subject: 'Nachricht von Example Mobile', text: 'Guten Tag,\n' }],
});
export type MailPreview = Static<typeof MailPreview>;

const MailPlaceholder = named(
  'MailPlaceholder',
  Type.Object(
    {
      name: Type.String({ description: 'Its name: {{name}} is replaced' }),
      about: Type.String({ description: 'What it is replaced with' }),
      example: Type.String({ description: 'The value that a preview has' }),
    },
    { description: 'What the templates of a kind can name' },
  ),
);

export const MailTemplate = Type.Object(
  {
    kind: MailKindName,
    about: Type.String({ description: 'What the mail is for' }),
    language: Type.String({ description: 'The language' }),
    ...shown,
    is_own: Type.Boolean({ description: 'true: you wrote it; false: it is the text of the server' }),
    changed_at: Type.Optional(Time('When you wrote it')),
    placeholders: Type.Array(MailPlaceholder, { description: 'What the template can name' }),
  },
  {
    ...extending(MailPreview),
    $id: 'MailTemplate',
    description: 'The text of a kind of mail in one language',
    examples: [
      {
        kind: 'test',
        about: 'A test, which esim mail test sends',
        language: 'de',
        subject: Subject.examples?.[0],
        text: Text.examples?.[0],
        is_own: true,
        changed_at: '2026-03-01T10:00:00.000Z',
        placeholders: [{ name: 'account', about: 'the name of the account', example: 'Example Mobile' }],
      },
    ],
  },
);
export type MailTemplate = Static<typeof MailTemplate>;
