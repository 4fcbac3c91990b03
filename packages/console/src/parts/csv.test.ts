import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from './csv.ts';

test('long numbers stay text, and nothing runs as a formula', () => {
  const csv = toCsv(
    ['iccid', 'name', 'n'],
    [
      ['8900101000000000019', '=HYPERLINK("x")', 3],
      [undefined, 'say "hi"', '+49 30'],
    ],
  );
  assert.equal(
    csv,
    '\uFEFF"iccid","name","n"\r\n"=""8900101000000000019""","\'=HYPERLINK(""x"")","3"\r\n"","say ""hi""","\'+49 30"\r\n',
  );
});
