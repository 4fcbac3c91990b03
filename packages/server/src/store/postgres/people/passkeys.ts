import { MOST_PASSKEY_CHALLENGES, MOST_PASSKEYS, type PasskeyStore } from '../../ports/people/passkeys.ts';
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
import { addWithin, countIn } from '../connection/add-within.ts';
import type { Connection } from '../connection/connection.ts';
import { statementsOf } from '../connection/statements.ts';
import { insertCall } from '../connection/write-row.ts';

const statements = statementsOf(passkeyQueries);
const insert = insertCall('passkey', passkeyColumns, 'credential_id');
const insertChallenge = insertCall('passkey_challenge', passkeyChallengeColumns);
const nameOf = ({ id }: PasskeyRow) => `passkey ${id}`;
const accountOf = ({ account }: PasskeyRow) => account;

export function postgresPasskeys(connection: Connection): PasskeyStore {
  const { rows, readable, readableOne, write, change, inOrder, transaction } = connection;
  return {
    passkeysOf: async (person) => readable(await rows(statements.ofPerson, person), passkeyFromRow, nameOf),
    passkeyByCredential: async (id) =>
      readableOne(await rows(statements.byCredential, id), passkeyFromRow, nameOf, accountOf),
    addPasskey: (passkey) => {
      const count = { statement: statements.count, values: [passkey.person] };
      return addWithin(connection, passkey.account, [count], async (session, [known]) => {
        if (countIn(known) >= MOST_PASSKEYS) return 'full';
        const [inserted] = await session.run([insert(passkeyToRow(passkey))]);
        return inserted?.changes === 1 ? 'added' : 'exists';
      });
    },
    recordPasskeyUse: async (id, { before, counter, at }) => {
      mustBeWhole(counter, 'passkey.counter');
      mustBeWhole(at, 'passkey.used_at');
      return (await change(statements.recordUse, counter, at, id, before)) === 1;
    },
    deletePasskey: (person, id, keep = '') =>
      transaction(async (session) => {
        const [deleted] = await session.run([{ statement: statements.delete, values: [person, id] }]);
        if (deleted?.changes !== 1) return false;
        await session.run([{ statement: statements.deleteSessions, values: [person, keep] }]);
        return true;
      }),
    addPasskeyChallenge: (challenge, now) =>
      inOrder(['passkey challenges'], async () => {
        await write([{ statement: statements.deleteEndedChallenges, values: [now] }]);
        const [known] = (await rows(statements.countChallenges)) as { readonly count: number }[];
        if ((known?.count ?? 0) >= MOST_PASSKEY_CHALLENGES) return 'full';
        await write([insertChallenge(passkeyChallengeToRow(challenge))]);
        return 'added';
      }),
    takePasskeyChallenge: async (hash, now) => {
      const [taken] = await write([{ statement: statements.takeChallenge, values: [hash, now] }]);
      const row = taken?.rows[0] as PasskeyChallengeRow | undefined;
      return row && passkeyChallengeFromRow(row);
    },
  };
}
