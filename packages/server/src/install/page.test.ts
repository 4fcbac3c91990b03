import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Language, languageCodes } from './languages.ts';
import { linkStates } from './link-state.ts';
import { installPage, previewPage } from './page.ts';
import { notices, type PageView } from './view.ts';

/** Texts that a page must escape, and such as a template could misread. */
const text = fc.oneof(
  fc.constantFrom('', '<b>&"\'', '$&', '$1', '{path}', 'سلام', '漢字 😀', '\ud800', 'path;'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const ascii = fc.string({ maxLength: 20 });
const brand = fc.record(
  {
    accountName: text,
    name: text,
    colour: fc.constantFrom('#0b57d0', '#ffffff'),
    supportUrl: fc.webUrl(),
    supportEmail: fc.emailAddress(),
    supportPhone: fc.constantFrom('+49 30 123', '110'),
    logo: fc.record({
      type: fc.constant('image/png' as const),
      width: fc.constantFrom(10, 20),
      height: fc.constant(10),
      hash: fc.constantFrom('one', 'two'),
    }),
  },
  { requiredKeys: ['accountName'] },
);
const view: fc.Arbitrary<PageView> = fc.record(
  {
    language: fc.constantFrom<Language>(...languageCodes),
    isChosen: fc.boolean(),
    brand,
    device: fc.record({
      system: fc.constantFrom('apple', 'android', 'windows', 'other'),
      takesLink: fc.boolean(),
      isEmbedded: fc.boolean(),
    }),
    path: fc.stringMatching(/^\/i\/[A-Za-z0-9_-]{32}$/),
    state: fc.constantFrom(...linkStates),
    profileName: text,
    code: fc.record({ whole: ascii.map((end) => `LPA:1$${end}`), smdpAddress: text, matchingId: text }),
    needsConfirmationCode: fc.boolean(),
    isReplacement: fc.boolean(),
    expiresAt: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    stamp: text,
    notice: fc.constantFrom(...notices),
  },
  {
    requiredKeys: [
      ...(['language', 'isChosen', 'device', 'path', 'state', 'profileName'] as const),
      ...(['needsConfirmationCode', 'isReplacement', 'expiresAt', 'stamp'] as const),
    ],
  },
);

test('a page of a layout that was prepared before is the page that is prepared for itself', () => {
  fc.assert(
    fc.property(fc.array(view, { minLength: 1, maxLength: 4 }), (views) => {
      for (const one of [...views, ...views])
        assert.equal(installPage(one).toString(), previewPage(one).toString());
    }),
  );
});

test('pages of one layout differ in what belongs to their links, and in nothing else', () => {
  const page = (own: string, expiresAt: number) => {
    const code = { whole: `LPA:1$${own}.example$${own}`, smdpAddress: `${own}.example`, matchingId: own };
    return installPage({
      ...{ language: 'ar', isChosen: true, brand: { accountName: 'Anna' }, state: 'waiting', code },
      ...{ device: { system: 'android', takesLink: true, isEmbedded: false }, path: `/i/${own}` },
      ...{ profileName: `eSIM ${own}`, stamp: `stamp-${own}`, expiresAt },
      ...{ needsConfirmationCode: false, isReplacement: false },
    }).toString();
  };
  const [one, other] = [page('ONE', 1_800_000_000_000), page('OTHER', 1_800_086_400_000)];
  for (const part of ['href="/i/ONE?lang=en"', '<bdi>eSIM ONE</bdi>', 'data-stamp="stamp-ONE"'])
    assert.ok(one.includes(part), part);
  const bare = (text: string, own: string) =>
    text
      .replace(/<svg id="code".*<\/svg>/, '')
      .replace(/٢٠٢٧|2027|[٠-٩\d]+ يناير/g, '')
      .replaceAll(own, '');
  assert.equal(bare(one, 'ONE'), bare(other, 'OTHER'));
  assert.ok(!other.includes('ONE'));
});

test('what became of a message is in the section that the form leads back to', () => {
  for (const notice of notices) {
    const page = installPage({
      ...{
        language: 'en',
        isChosen: false,
        state: 'waiting',
        profileName: 'x',
        stamp: '',
        expiresAt: 0,
        notice,
      },
      ...{ device: { system: 'other', takesLink: false, isEmbedded: false }, path: '/i/x' },
      ...{ needsConfirmationCode: false, isReplacement: false },
    }).toString();
    const [before = '', section = ''] = page.split('<section id="help">');
    assert.match(section, /role="status">(Your request|You have asked|Use at most)/, notice);
    assert.doesNotMatch(before, /Your request|You have asked|Use at most/, notice);
  }
});

test('values are escaped, and a value that looks like a place of another stays as it is', () => {
  const names = ['</bdi><script>', '{path}', '$&', 'path;'];
  for (const profileName of names) {
    const page = installPage({
      ...{ language: 'en', isChosen: false, state: 'installed', profileName, stamp: '', expiresAt: 0 },
      ...{ device: { system: 'other', takesLink: false, isEmbedded: false }, path: '/i/x' },
      ...{ needsConfirmationCode: false, isReplacement: false },
    }).toString();
    const escaped = profileName.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    assert.ok(page.includes(`<bdi>${escaped}</bdi>`), profileName);
  }
});
