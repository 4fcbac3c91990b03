import assert from 'node:assert/strict';
import { nextEid } from '../../../harness/phone.ts';
import { asClient, type Client, mustBeRefused, noWait, once } from '../driver/gateway.ts';
import type { Section } from '../driver/sequence.ts';
import { type Change, failure, type VendorAnswer } from '../driver/vendor.ts';

const ORDER = ['downloadOrder', 'confirmOrder'];
const reserve = ({ api, iccid }: Client, terms = {}) =>
  api.orderEUICCProfile(iccid, { confirm: false, ...terms }, once);
const order = ({ api, iccid }: Client, terms = {}) => api.orderEUICCProfile(iccid, terms, once);
const stateOf = async ({ api, iccid }: Client) => (await api.getEUICCProfile(iccid)).data.state;
const membersOf = (client: Client, name: string) =>
  client.calls.findLast((call) => call.name === name)?.members;

/** Answers one function in another way: each time, or only the first time. */
const only =
  (wanted: string, answer: VendorAnswer): Change =>
  ({ name }) =>
    name === wanted ? answer : undefined;
const first =
  (wanted: string, answer: VendorAnswer): Change =>
  ({ name, nth }) =>
    name === wanted && nth === 1 ? answer : undefined;
/** Adds members to the answer of a function, or replaces them. */
const members =
  (wanted: string, changed: object): Change =>
  ({ name }, done) =>
    name === wanted ? { json: { ...done, ...changed } } : undefined;

const padded = (iccid_padding: 'upper_f' | 'lower_f', letter: string) =>
  asClient(
    async (client) => {
      await reserve(client);
      client.expect(['downloadOrder'], 'Allocated');
      assert.deepEqual(membersOf(client, 'downloadOrder'), { iccid: `${client.iccid}${letter}` });
      assert.equal(await stateOf(client), 'ALLOCATED');
    },
    undefined,
    { iccid_padding },
  );

/** Asserts that the refusal of a call ends the operation, and that no call follows. */
const refused = (name: string, pair: readonly [string, string], calls: readonly string[], state: string) =>
  asClient(
    async (client) => {
      await mustBeRefused(order(client), name, pair.join('/'));
      assert.deepEqual(
        client.calls.map((call) => call.name),
        calls,
      );
      assert.deepEqual(client.faults, []);
      assert.equal(await stateOf(client), state);
    },
    only(name, failure(...pair)),
  );

/** Asserts that the same octets are sent again, and the order is done. */
const repeated = (name: string, answer: VendorAnswer) =>
  asClient(
    async (client) => {
      await order(client, { release: false });
      await client.api.releaseEUICCProfile(client.iccid, once);
      const names = [...ORDER, 'releaseProfile'];
      names.splice(names.indexOf(name), 0, name);
      client.expect(names, 'Released');
      const same = client.calls.filter((call) => call.name === name);
      assert.equal(new Set(same.map(({ octets }) => octets)).size, 1, 'the same octets');
      assert.equal(await stateOf(client), 'RELEASED');
    },
    first(name, answer),
  );

const withWarning = (name: string, state: string) =>
  asClient(
    async (client) => {
      await (state === 'ALLOCATED' ? reserve(client) : order(client));
      assert.deepEqual(client.faults, []);
      assert.equal(await stateOf(client), state);
      const { error } = await client.operation(({ state }) => state === 'done');
      assert.deepEqual([error?.subject_code, error?.reason_code], ['8.2.6', '4.2'], 'the warning is kept');
    },
    ({ name: called }, done) => {
      if (called !== name) return undefined;
      const statusCodeData = { subjectCode: '8.2.6', reasonCode: '4.2', message: 'slow' };
      const functionExecutionStatus = { status: 'Executed-WithWarning', statusCodeData };
      return { json: { ...done, header: { functionExecutionStatus } } };
    },
  );

/** ES2+.DownloadOrder (5.3.1) as the Operator sends it. */
export const clientDownloadOrder: Section = {
  'client 5.3.1 by ICCID': asClient(async (client) => {
    await reserve(client);
    client.expect(['downloadOrder'], 'Allocated');
    assert.deepEqual(membersOf(client, 'downloadOrder'), { iccid: client.iccid });
    assert.equal(await stateOf(client), 'ALLOCATED');
  }),
  'client 5.3.1 with an EID': asClient(async (client) => {
    const eid = nextEid();
    await reserve(client, { eid });
    client.expect(['downloadOrder'], 'Linked');
    assert.deepEqual(membersOf(client, 'downloadOrder'), { iccid: client.iccid, eid });
    assert.equal(await stateOf(client), 'LINKED');
  }),
  'client 5.3.1 ICCID padded with F': padded('upper_f', 'F'),
  'client 5.3.1 ICCID padded with f': padded('lower_f', 'f'),
  'client 5.3.1 Executed-WithWarning': withWarning('downloadOrder', 'ALLOCATED'),
  'client 5.3.1 Failed': refused('downloadOrder', ['8.2.1', '3.3'], ['downloadOrder'], 'AVAILABLE'),
  'client 5.3.1 Expired': repeated('downloadOrder', failure('8', '5.3', 'Expired')),
  'client 5.3.1 answer about another ICCID': asClient(
    async (client) => {
      await client.api.orderEUICCProfile(client.iccid, {}, noWait);
      await client.operation(({ state, attempts }) => state === 'unknown' && attempts > 0);
      assert.ok(client.calls.every(({ name }) => name === 'downloadOrder'));
      assert.equal(await stateOf(client), 'AVAILABLE');
    },
    members('downloadOrder', { iccid: '8988201999999999994' }),
  ),
};

/** ES2+.ConfirmOrder (5.3.2) as the Operator sends it. */
export const clientConfirmOrder: Section = {
  'client 5.3.2 the vendor chooses': asClient(async (client) => {
    const { data } = await order(client);
    client.expect(ORDER, 'Released');
    assert.deepEqual(membersOf(client, 'confirmOrder'), { iccid: client.iccid, releaseFlag: true });
    assert.match(data.activation_code, /^LPA:1\$rsp\.vendor\.example\.com\$VENDOR-\d+$/);
  }),
  'client 5.3.2 with EID, MatchingID and code': asClient(async (client) => {
    const [eid, matchingId] = [nextEid(), 'OURS-1'];
    await order(client, { eid, matching_id: matchingId, confirmation_code: '12345678' });
    client.expect(ORDER, 'Released');
    const sent = { iccid: client.iccid, eid, matchingId, confirmationCode: '12345678', releaseFlag: true };
    assert.deepEqual(membersOf(client, 'confirmOrder'), sent);
    const { data } = await client.api.getEUICCProfile(client.iccid);
    assert.deepEqual([data.matching_id, data.eid, data.cc_required], [matchingId, eid, true]);
  }),
  'client 5.3.2 empty MatchingID': asClient(async (client) => {
    const eid = nextEid();
    await order(client, { eid, matching_id: '' });
    client.expect(ORDER, 'Released');
    const sent = { iccid: client.iccid, eid, matchingId: '', releaseFlag: true };
    assert.deepEqual(membersOf(client, 'confirmOrder'), sent);
    assert.equal((await client.api.getEUICCProfile(client.iccid)).data.matching_id, '');
  }),
  'client 5.3.2 releaseFlag false': asClient(async (client) => {
    await order(client, { release: false });
    client.expect(ORDER, 'Confirmed');
    assert.deepEqual(membersOf(client, 'confirmOrder'), { iccid: client.iccid, releaseFlag: false });
    assert.equal(await stateOf(client), 'CONFIRMED');
  }),
  'client 5.3.2 Executed-WithWarning': withWarning('confirmOrder', 'RELEASED'),
  'client 5.3.2 Failed': refused('confirmOrder', ['8.2.6', '3.3'], ORDER, 'ALLOCATED'),
  'client 5.3.2 Expired': repeated('confirmOrder', failure('8', '5.3', 'Expired')),
  'client 5.3.2 smdpAddress': asClient(
    async (client) => {
      const { data } = await order(client);
      assert.match(data.activation_code, /^LPA:1\$other\.example\.com\$VENDOR-\d+$/);
    },
    members('confirmOrder', { smdpAddress: 'other.example.com' }),
  ),
  'client 5.3.2 MatchingID of another alphabet': asClient(
    async (client) => {
      const { data } = await order(client);
      assert.equal(data.activation_code, 'LPA:1$rsp.vendor.example.com$aZ_9.~');
      await client.api.cancelEUICCProfile(client.iccid, {}, once);
      client.expect([...ORDER, 'cancelOrder'], 'Available');
      assert.equal(membersOf(client, 'cancelOrder')?.matchingId, 'aZ_9.~');
    },
    members('confirmOrder', { matchingId: 'aZ_9.~' }),
  ),
  'client 5.3.2 answer without MatchingID': asClient(
    async (client) => {
      await client.api.orderEUICCProfile(client.iccid, {}, noWait);
      const left = await client.operation(
        ({ call, state }) => call === 'confirmOrder' && state === 'unknown',
      );
      assert.equal(left.next_attempt_at, undefined, 'only an admin can say it');
      client.expect(ORDER, 'Released');
      assert.equal(await stateOf(client), 'ALLOCATED');
      await client.api.settleOperation(left.id, { outcome: 'done', matching_id: 'PORTAL' });
      assert.equal(await stateOf(client), 'RELEASED');
    },
    members('confirmOrder', { matchingId: null }),
  ),
};

/** ES2+.CancelOrder (5.3.3) as the Operator sends it. */
export const clientCancelOrder: Section = {
  'client 5.3.3 of a confirmed order': asClient(async (client) => {
    const eid = nextEid();
    await order(client, { eid, matching_id: 'OURS-2' });
    await client.api.cancelEUICCProfile(client.iccid, {}, once);
    client.expect([...ORDER, 'cancelOrder'], 'Available');
    const sent = { iccid: client.iccid, eid, matchingId: 'OURS-2', finalProfileStatusIndicator: 'Available' };
    assert.deepEqual(membersOf(client, 'cancelOrder'), sent);
    assert.equal(await stateOf(client), 'AVAILABLE');
  }),
  'client 5.3.3 before ConfirmOrder': asClient(async (client) => {
    await reserve(client);
    await client.api.cancelEUICCProfile(client.iccid, {}, once);
    client.expect(['downloadOrder', 'cancelOrder'], 'Available');
    const sent = { iccid: client.iccid, finalProfileStatusIndicator: 'Available' };
    assert.deepEqual(membersOf(client, 'cancelOrder'), sent);
  }),
  'client 5.3.3 Unavailable': asClient(async (client) => {
    await order(client);
    await client.api.cancelEUICCProfile(client.iccid, { final_state: 'UNAVAILABLE' }, once);
    client.expect([...ORDER, 'cancelOrder'], 'Unavailable');
    assert.equal(await stateOf(client), 'UNAVAILABLE');
  }),
  'client 5.3.3 Failed': asClient(
    async (client) => {
      await order(client);
      const cancelling = client.api.cancelEUICCProfile(client.iccid, {}, once);
      await mustBeRefused(cancelling, 'cancelOrder', '8.2.6/3.10');
      assert.equal(await stateOf(client), 'RELEASED');
    },
    only('cancelOrder', failure('8.2.6', '3.10')),
  ),
  'client 5.3.3 before a new order': asClient(async (client) => {
    await order(client);
    await client.api.replaceEUICCProfile(client.iccid, {}, once);
    client.expect([...ORDER, 'cancelOrder', ...ORDER], 'Released');
    const identifiers = client.calls.map(({ identifier }) => identifier);
    assert.equal(new Set(identifiers).size, identifiers.length, 'each call has an identifier of its own');
  }),
};

/** ES2+.ReleaseProfile (5.3.4) as the Operator sends it. */
export const clientReleaseProfile: Section = {
  'client 5.3.4 nominal': asClient(async (client) => {
    await order(client, { release: false });
    await client.api.releaseEUICCProfile(client.iccid, once);
    client.expect([...ORDER, 'releaseProfile'], 'Released');
    assert.deepEqual(membersOf(client, 'releaseProfile'), { iccid: client.iccid });
    assert.equal(await stateOf(client), 'RELEASED');
  }),
  'client 5.3.4 Failed': asClient(
    async (client) => {
      await order(client, { release: false });
      const releasing = client.api.releaseEUICCProfile(client.iccid, once);
      await mustBeRefused(releasing, 'releaseProfile', '8.2.1/3.5');
      assert.equal(await stateOf(client), 'CONFIRMED');
    },
    only('releaseProfile', failure('8.2.1', '3.5')),
  ),
  'client 5.3.4 Expired': repeated('releaseProfile', failure('8', '5.3', 'Expired')),
  'client 5.3.4 repeated and done already': asClient(
    async (client) => {
      await order(client, { release: false });
      await client.api.releaseEUICCProfile(client.iccid, once);
      client.expect([...ORDER, 'releaseProfile', 'releaseProfile'], 'Released');
      assert.equal(await stateOf(client), 'RELEASED');
    },
    ({ name, nth }) => {
      if (name !== 'releaseProfile') return undefined;
      return nth === 1 ? 'reset' : failure('8.2.1', '3.5');
    },
  ),
};
