import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldsOf } from '../rest/stock/import/csv-fields.ts';
import { csvLine, spreadsheetLine } from './csv-text.ts';

test('long numbers stay text, and formulas are none', () => {
  const fields = [
    '8988100000000003033',
    '001010000003033',
    '0012',
    '+49151',
    '12E45',
    '12',
    '=1+1',
    '-5 GB',
    '@x',
    'a"b',
  ];
  assert.equal(
    spreadsheetLine(fields),
    '"=""8988100000000003033""","=""001010000003033""","=""0012""","=""+49151""","=""12E45""",12,\'=1+1,\'-5 GB,\'@x,"a""b"',
  );
  assert.equal(csvLine(['8988100000000003033', 'a,b']), '8988100000000003033,"a,b"');
});

test('what looks like another number or a date stays text', () => {
  const changed =
    '1.50|1,5|3-4|10/11|1/2/2030|2030-01-31|12:30|5 %|€ 5|-5|1 000|1E+5|MAR-1|5. Mai|SEPT2|Oct 2030|(12)|007';
  for (const field of changed.split('|')) assert.equal(spreadsheetLine([field]), `"=""${field}"""`, field);
  const kept = '12|0|10 GB|Travel 1-2|Marketing 10|May|2030-01-31T18:00:00Z|HJ8PH-8WEQ5|8.2.7/3.8 refused';
  for (const field of kept.split('|')) assert.equal(spreadsheetLine([field]), field, field);
});

test('what is written for spreadsheets is read back by the import', () => {
  const character = fc.constantFrom(...'=+-@\'"\t,;|./:%0123456789aEé \n＝');
  const field = fc.string({ unit: character, maxLength: 20 }).map((text) => text.trim());
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), (fields) => {
      assert.deepEqual(fieldsOf(spreadsheetLine(fields), ','), fields);
    }),
    { numRuns: 3000 },
  );
});
