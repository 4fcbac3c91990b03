import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleValues, mailKindNames, mailKinds, ownLanguages } from './kinds.ts';
import { checkTemplate, renderMail } from './render.ts';

const kind = {
  about: 'for this test',
  placeholders: {
    name: { about: 'a name', example: 'Anna' },
    link: { about: 'a link', example: 'https://example.com/i/1' },
  },
  texts: { en: { subject: 's', text: 't' }, de: { subject: 's', text: 't' } },
};

test('values are put in, and are text in HTML', () => {
  const template = {
    subject: 'To {{name}}',
    text: 'Hello {{ name }}: {{link}}\n',
    html: '<p title="{{name}}">{{name}}</p>',
  };
  const values = { name: `<b>"O'Neil" & sons</b>`, link: 'https://x/?a=1&b=2' };
  checkTemplate(template, kind);
  assert.deepEqual(renderMail(template, values), {
    subject: `To <b>"O'Neil" & sons</b>`,
    text: `Hello <b>"O'Neil" & sons</b>: https://x/?a=1&b=2\n`,
    html: '<p title="&lt;b&gt;&quot;O&#39;Neil&quot; &amp; sons&lt;/b&gt;">&lt;b&gt;&quot;O&#39;Neil&quot; &amp; sons&lt;/b&gt;</p>',
  });
});

test('a value ends no line of the subject, is not a template itself, and is bounded', () => {
  const template = { subject: 'To {{name}}', text: '{{name}}' };
  const rendered = renderMail(template, {
    name: 'Eve\r\nBcc: all@example.com\u2028\u0000 {{link}}',
    link: 'no',
  });
  assert.equal(rendered.subject, 'To Eve Bcc: all@example.com {{link}}');
  assert.ok(!rendered.text.includes('\r') && !rendered.text.includes('\u0000'));
  assert.equal(renderMail(template, { name: 'x'.repeat(9999) }).text.length, 2000);
  assert.equal(renderMail(template, {}).subject, 'To ');
});

test('a template that names what its kind does not have is refused, with the names that it has', () => {
  for (const text of ['{{nam}}', '{{constructor}}', '{{name', 'name}}', '{{}}', '{{{{name}}}}', '{{NAME}}'])
    for (const field of ['subject', 'text', 'html'] as const)
      assert.throws(() => checkTemplate({ subject: 's', text: 't', [field]: text }, kind), {
        field,
        message: /: the placeholders of this kind are \{\{name\}\}, \{\{link\}\}$/,
      });
  const many = { subject: 's', text: '{{name}}'.repeat(101) };
  assert.throws(() => checkTemplate(many, kind), /more than 100/);
});

test('our own texts name only what they may, in every language', () => {
  for (const name of mailKindNames) {
    const row = mailKinds[name];
    for (const language of ownLanguages) assert.ok(Object.hasOwn(row.texts, language));
    for (const template of Object.values(row.texts)) {
      checkTemplate(template, row);
      const rendered = renderMail(template, exampleValues(row));
      assert.ok(rendered.subject.length > 0 && rendered.text.length > 0);
      assert.doesNotMatch(rendered.subject + rendered.text + rendered.html, /\{\{/);
    }
  }
});
