import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveSecrets } from '@esim-rsp/sgp22/profile/derived-secrets';
import { type DownloadOrderRequest, downloadOrder } from '../es2/downloadOrder.ts';
import { account, available, env, refused } from '../es2/orders.harness.ts';
import { type OrderOfTypeRequest, orderOfType } from '../order/orderProfile.ts';
import type { Change } from '../state/change.ts';
import type { Template } from '../state/template.ts';
import { findFreeNumbers } from './free-numbers.ts';
import { generateFromTemplate } from './generateFromTemplate.ts';
import { masterKey, template } from './number-template.testdata.ts';
import type { TypeStock } from './supply.ts';

const emptyReader = { takenIccids: async () => [], reservedForOthers: async () => [] } as never;

async function leftBy(of: Template = template, most = 1): Promise<TypeStock> {
  return { stock: [], typeKnown: true, freeNumbers: await findFreeNumbers(of, emptyReader, most) };
}

const input: OrderOfTypeRequest = { account, profileType: 'Test', confirm: true, release: true };
const es2: DownloadOrderRequest = { account, profileType: 'Test', functionCallIdentifier: 'call 1' };
const nothing = { repeated: undefined, named: undefined };

function eventsIn(save: readonly Change[]): readonly string[] {
  return save.flatMap((change) => ('event' in change ? [change.event.type] : []));
}

test('an order of a type without stock makes the profile in the same transaction, and says its keys', async () => {
  const decision = await orderOfType.decide(input, await leftBy(), env);
  assert.ok('reply' in decision);
  const { profile, made } = decision.reply;
  assert.deepEqual([profile.state, profile.imsi, made?.imsi], ['RELEASED', '001010000000000', profile.imsi]);
  const [first] = decision.save;
  assert.deepEqual(first, { profile, content: { parameters: made } });
  assert.equal(profile.version, 0);
  assert.deepEqual(eventsIn(decision.save), ['profile.created', 'profile.ordered', 'profile.released']);
  assert.ok(decision.save.some((change) => 'passed' in change && change.passed.numbers === 1));
});

test('a profile in stock is ordered first, and no parameters are returned', async () => {
  const decision = await orderOfType.decide(input, { stock: [available], typeKnown: true }, env);
  assert.ok('reply' in decision);
  assert.deepEqual([decision.reply.profile.iccid, decision.reply.made], [available.iccid, undefined]);
});

test('a profile that is reserved only can be made too', async () => {
  const decision = await orderOfType.decide({ ...input, confirm: false }, await leftBy(), env);
  assert.ok('reply' in decision);
  assert.equal(decision.reply.profile.state, 'ALLOCATED');
  assert.deepEqual(eventsIn(decision.save), ['profile.created', 'profile.ordered']);
});

test('ES2+ orders from a template with a master key, because its keys need not be returned', async () => {
  const decision = await downloadOrder.decide(
    es2,
    { ...nothing, ...(await leftBy({ ...template, masterKey })) },
    env,
  );
  assert.ok('reply' in decision);
  const [first] = decision.save;
  assert.ok(first && 'profile' in first && first.content && 'parameters' in first.content);
  const { parameters } = first.content;
  assert.deepEqual(parameters.ki, deriveSecrets(masterKey, parameters.imsi).ki);
  assert.equal(decision.reply.calls?.downloadOrder !== undefined, true);
  const overRest = await orderOfType.decide(input, await leftBy({ ...template, masterKey }), env);
  assert.ok('reply' in overRest && overRest.reply.made === undefined);
});

test('ES2+ cannot order from a template that draws keys', async () => {
  const found = { ...nothing, ...(await leftBy()) };
  assert.equal(
    refused(() => downloadOrder.decide(es2, found, env)),
    '8.2.5/3.7',
  );
});

test('when the ranges are used up, so is the type', async () => {
  const decision = await orderOfType.decide(input, await leftBy({ ...template, passed: 10 }), env);
  assert.ok('refusal' in decision);
  const { subjectCode, reasonCode, message } = decision.refusal.status;
  assert.deepEqual([subjectCode, reasonCode], ['8.2.5', '3.7']);
  assert.match(message, /used up/);
});

test('orders that meet each take another number', async () => {
  const found = await leftBy(template, 8);
  const draw = async (low: number) => {
    const random = (length: number) => new Uint8Array(length).fill(low);
    const decision = await orderOfType.decide(input, found, { ...env, random });
    assert.ok('reply' in decision);
    const passed = decision.save.flatMap((change) => ('passed' in change ? [change.passed.numbers] : []));
    return [decision.reply.profile.imsi, ...passed];
  };
  assert.deepEqual(await draw(0), ['001010000000000', 1]);
  assert.deepEqual(await draw(3), ['001010000000003', 0]);
});

test('many are made from a template at once, all or none', async () => {
  const { freeNumbers } = await leftBy(template, 4);
  const decision = await generateFromTemplate.decide({ ...input, count: 4 }, freeNumbers, env);
  assert.ok('reply' in decision && decision.reply.generated);
  assert.equal(eventsIn(decision.save).length, 4);
  const few = await leftBy({ ...template, passed: 8 }, 4);
  const refusal = await generateFromTemplate.decide({ ...input, count: 4 }, few.freeNumbers, env);
  assert.ok('refusal' in refusal && !refusal.save.some((change) => 'profile' in change));
});

test('a profile that an upstream has is never taken, and those of this server behind it are', async () => {
  const theirs = { ...available, upstream: 'vendor' };
  const order = (stock: TypeStock['stock']) => () =>
    orderOfType.decide(input, { stock, typeKnown: true }, env);
  assert.equal(refused(order([theirs, theirs])), '8.2.5/3.7');
  const decision = await order([theirs, available])();
  assert.ok('reply' in decision);
  assert.equal(decision.reply.profile.upstream, undefined);
  const asked: number[] = [];
  const availableOfType = async (_account: string, _type: string, most: number) => {
    asked.push(most);
    return [theirs, available].slice(0, most);
  };
  const found = await orderOfType.load(input, { availableOfType } as never, 0);
  assert.deepEqual([found.stock.length, asked], [2, [1, 256]]);
});
