import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from './bytes.ts';
import {
  choice,
  extensions,
  optional,
  raw,
  rawContent,
  sequence,
  sequenceOf,
  withDefault,
} from './constructed.ts';
import { boolean, integer, octetString, utf8String } from './primitives.ts';
import { DerError, tlv } from './tlv.ts';
import { decode, decodeWithBytes, encode, encodeWithBytes, type Infer, withBytes } from './type.ts';

const Point = sequence({
  x: integer().as('80'),
  name: optional(utf8String(8).as('81')),
  level: withDefault(integer(0, 9).as('82'), 2),
  y: integer().as('83'),
});

const read = (hex: string) => decode(Point, fromHex(hex));

test('a SEQUENCE is an object; absent options are absent, absent defaults have their value', () => {
  assert.deepEqual(read('300a8001018102c3a9830103'), {
    x: 1,
    name: 'é',
    level: 2,
    y: 3,
  });
  assert.deepEqual(Object.keys(read('3006800101830103')), ['x', 'level', 'y']);
});

test('a default is not written, but read if it is there', () => {
  assert.equal(toHex(encode(Point, { x: 1, level: 2, y: 3 })), '3006800101830103');
  assert.equal(toHex(encode(Point, { x: 1, level: 4, y: 3 })), '3009800101820104830103');
  assert.equal(read('3009800101820102830103').level, 2);
});

for (const [name, hex, message] of [
  ['a field that is missing', '3003800101', 'y: is missing'],
  ['a first field that is missing', '3003830103', 'x: is missing'],
  ['a field that is repeated', '3009800101830103830103', 'tag 83 is repeated or out of order'],
  ['an optional field out of order', '3009800101830103810161', 'tag 81 is repeated or out of order'],
  ['a field of the wrong kind', '300680010183020003', undefined],
  ['a field out of its range', '3009800101820163830103', 'level: 99 is not between 0 and 9'],
  ['another tag', '3106800101830103', 'tag 31 found, expected 30'],
  ['a primitive tag', '1006800101830103', 'tag 10 found, expected 30'],
] as const)
  test(`${name} is a DerError with its path`, () => {
    assert.throws(
      () => read(hex),
      (error) => error instanceof DerError && (message === undefined || error.message === message),
    );
  });

test('unknown TLVs, wherever they stand, are skipped, kept and written at the end', () => {
  const value = read('300f9f5001aa800101830103bf50008400');
  assert.equal(value.x, 1);
  assert.deepEqual(value[extensions]?.map(toHex), ['9f5001aa', 'bf5000', '8400']);
  assert.equal(toHex(encode(Point, value)), '300f8001018301039f5001aabf50008400');
});

const Shape = choice({ point: Point.as('A0'), radius: integer().as('81') });

test('a CHOICE is an object with one member', () => {
  assert.deepEqual(decode(Shape, fromHex('810105')), { radius: 5 });
  assert.equal(toHex(encode(Shape, { point: { x: 1, level: 2, y: 3 } })), 'a006800101830103');
  assert.throws(() => decode(Shape, fromHex('820105')), /tag 82 found, expected A0 or 81/);
  assert.throws(() => decode(Shape, fromHex('a003800101')), /^DerError: point > y: is missing$/);
});

test('a tagged CHOICE is wrapped once, and a new tag replaces the wrapper', () => {
  const wrapped = Shape.as('BF38');
  assert.equal(toHex(encode(wrapped, { radius: 5 })), 'bf3803810105');
  assert.equal(toHex(encode(wrapped.as('BF21'), { radius: 5 })), 'bf2103810105');
  assert.throws(() => decode(wrapped, fromHex('bf3800')), /less than one value/);
  assert.throws(() => decode(wrapped, fromHex('bf3806810105810106')), /more than one value/);
});

test('a SEQUENCE OF has members of one type and not too many', () => {
  const list = sequenceOf(integer(), 2).as('A1');
  assert.deepEqual(decode(list, fromHex('a106020101020102')), [1, 2]);
  assert.equal(toHex(encode(list, [])), 'a100');
  assert.throws(() => decode(list, fromHex('a109020101020102020103')), /3 members, expected at most 2/);
  assert.throws(() => decode(list, fromHex('a1020500')), /tag 05 found, expected 02/);
});

test('a tag keeps whether its type is constructed', () => {
  assert.throws(() => Point.as('80'), /constructed/);
  assert.throws(() => integer().as('A0'), /constructed/);
  assert.throws(() => Point.as('5F37'), /constructed/);
});

test('kept bytes are those that came, in a form that we would not write', () => {
  const Signed = sequence({ body: withBytes(Point), valid: boolean });
  const bytes = fromHex('300e3009800101820102830103010101');
  const value = decode(Signed, bytes);
  assert.equal(toHex(value.body.bytes), '3009800101820102830103');
  assert.equal(value.body.value.level, 2);
  assert.equal(toHex(encode(Signed, value)), '300e30098001018201028301030101ff');
  assert.deepEqual(decodeWithBytes(Point, value.body.bytes), value.body);
});

test('what we make is kept too', () => {
  const point = encodeWithBytes(Point, { x: 1, level: 2, y: 3 });
  assert.equal(toHex(point.bytes), '3006800101830103');
  assert.equal(toHex(encodeWithBytes(withBytes(Point.as('A3')), point).bytes), toHex(point.bytes));
});

test('raw fields are whole TLVs, raw content is what is inside', () => {
  const Box = sequence({ part: raw(0xa7), inside: rawContent(0xb8) });
  const bytes = fromHex('3007a7020500b80107');
  const value = decode(Box, bytes);
  assert.deepEqual([toHex(value.part), toHex(value.inside)], ['a7020500', '07']);
  assert.deepEqual(encode(Box, value), bytes);
});

const Message = sequence({
  id: octetString(1, 4).as('80'),
  shape: Shape.as('A1'),
  note: optional(utf8String(6)),
  tags: sequenceOf(integer(0, 999), 9),
}).as('BF7F');

const message: fc.Arbitrary<Infer<typeof Message>> = fc
  .record({
    id: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    shape: fc.oneof(
      fc.nat().map((radius) => ({ radius })),
      fc.record(
        {
          point: fc.record(
            { x: fc.nat(), level: fc.integer({ min: 0, max: 9 }), y: fc.nat() },
            { noNullPrototype: true },
          ),
        },
        { noNullPrototype: true },
      ),
    ),
    note: fc.option(fc.constantFrom('', 'a', 'été'), { nil: undefined }),
    tags: fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 9 }),
  })
  .map(({ note, ...rest }) => (note === undefined ? rest : { ...rest, note }));

test('what is encoded decodes to the same value', () => {
  fc.assert(
    fc.property(message, (value) => assert.deepEqual(decode(Message, encode(Message, value)), value)),
  );
});

test('a message with octets changed decodes or is a DerError, nothing else', () => {
  const change = fc.record({ at: fc.nat(), octet: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(message, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
      const bytes = encode(Message, value);
      for (const { at, octet } of changes) bytes[at % bytes.length] = octet;
      try {
        decode(Message, bytes);
      } catch (error) {
        assert.ok(error instanceof DerError, `${error}`);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a message that is cut short is a DerError', () => {
  fc.assert(
    fc.property(message, fc.nat(), (value, at) => {
      const bytes = encode(Message, value);
      assert.throws(() => decode(Message, bytes.subarray(0, at % bytes.length)), DerError);
    }),
  );
});

test('nesting deeper than the type costs nothing: what is unknown is not entered', () => {
  let nested: Uint8Array = new Uint8Array();
  for (let depth = 0; depth < 2000; depth++) nested = tlv(0xa9, nested);
  const value = decode(sequence({}), tlv(0x30, nested));
  assert.equal(value[extensions]?.[0]?.length, nested.length);
});

test('a type says what it is made of, and keeps its shape under another tag', () => {
  const inner = octetString(2);
  const type = sequence({ a: inner.as('80'), b: optional(sequenceOf(withBytes(inner)).as('A1')) });
  const { shape } = withBytes(type).as('BF20');
  assert.equal(shape, type.shape);
  assert.ok(shape.kind === 'sequence');
  const [a, b] = shape.fields;
  assert.deepEqual([a?.name, a?.mandatory, a?.type.shape === inner.shape], ['a', true, true]);
  assert.deepEqual([b?.name, b?.mandatory], ['b', false]);
  assert.ok(b?.type.shape.kind === 'sequenceOf' && b.type.shape.member.shape === inner.shape);
  assert.equal(choice({ a: inner }).as('A0').shape.kind, 'explicit');
});
