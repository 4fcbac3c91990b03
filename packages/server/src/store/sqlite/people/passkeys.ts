import {
  MOST_PASSKEY_CHALLENGES,
  MOST_PASSKEYS,
  type Passkey,
  type PasskeyChallenge,
  type PasskeyStore,
} from '../../ports/people/passkeys.ts';
import {
  type PasskeyChallengeRow,
  type PasskeyRow,
  passkeyChallengeColumns,
  passkeyChallengeFromRow,
  passkeyChallengeToRow,
  passkeyColumns,
  passkeyFromRow,
  passkeyToRow,
} from '../../rows/people/passkeys.ts';
import { passkeyQueries } from '../../statements/people/passkeys.ts';
import { mustBeWhole } from '../../statements/write-row.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert } from '../connection/write-row.ts';

export function sqlitePasskeys(connection: Connection): PasskeyStore {
  const { read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(passkeyQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'passkey', passkeyColumns, 'credential_id'),
    insertChallenge: () => prepareInsert(connection, 'passkey_challenge', passkeyChallengeColumns),
  });
  const nameOf = ({ id }: PasskeyRow) => `passkey ${id}`;
  const accountOf = ({ account }: PasskeyRow) => account;
  const countOf = (row: unknown) => (row as { count: number }).count;
  const add = (passkey: Passkey) => {
    if (countOf(statements.count.get(passkey.person)) >= MOST_PASSKEYS) return 'full';
    return writes.insert(passkeyToRow(passkey)) ? 'added' : 'exists';
  };
  const addChallenge = (challenge: PasskeyChallenge, now: number) => {
    statements.deleteEndedChallenges.run(now);
    if (countOf(statements.countChallenges.get()) >= MOST_PASSKEY_CHALLENGES) return 'full';
    writes.insertChallenge(passkeyChallengeToRow(challenge));
    return 'added';
  };
  return {
    passkeysOf: (person) => read(() => readable(rowsOf(statements.ofPerson, person), passkeyFromRow, nameOf)),
    passkeyByCredential: (id) =>
      read(() => readableOne(firstRowOf(statements.byCredential, id), passkeyFromRow, nameOf, accountOf)),
    addPasskey: (passkey) => write(() => add(passkey)),
    recordPasskeyUse: (id, { before, counter, at }) =>
      write(() => {
        mustBeWhole(counter, 'passkey.counter');
        mustBeWhole(at, 'passkey.used_at');
        return Number(statements.recordUse.run(counter, at, id, before).changes) === 1;
      }),
    deletePasskey: (person, id, keep = '') =>
      write(() => {
        const isDeleted = Number(statements.delete.run(person, id).changes) === 1;
        if (isDeleted) statements.deleteSessions.run(person, keep);
        return isDeleted;
      }),
    addPasskeyChallenge: (challenge, now) => write(() => addChallenge(challenge, now)),
    takePasskeyChallenge: (hash, now) =>
      write(() => {
        const row = statements.takeChallenge.get(hash, now) as PasskeyChallengeRow | undefined;
        return row && passkeyChallengeFromRow(row);
      }),
  };
}
