import type { Passkey, PasskeyChallenge } from '../../ports/people/passkeys.ts';
import type { Columns, Row } from '../column-types.ts';

export const passkeyColumns = {
  id: 'text',
  account: 'text',
  person: 'text',
  credential_id: 'bytes',
  public_key: 'bytes',
  rp_id: 'text',
  counter: 'integer',
  transports: 'text',
  name: 'text',
  created_at: 'integer',
  used_at: 'integer?',
} as const satisfies Columns;
export type PasskeyRow = Row<typeof passkeyColumns>;

export function passkeyToRow(passkey: Passkey): PasskeyRow {
  const { id, account, person, name, counter, transports, usedAt } = passkey;
  return {
    id,
    account,
    person,
    credential_id: passkey.credentialId,
    public_key: passkey.publicKey,
    rp_id: passkey.rpId,
    counter,
    transports: transports.join(' '),
    name,
    created_at: passkey.createdAt,
    used_at: usedAt ?? null,
  };
}

export function passkeyFromRow(row: PasskeyRow): Passkey {
  const { id, account, person, name, counter } = row;
  return {
    id,
    account,
    person,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    rpId: row.rp_id,
    counter,
    transports: row.transports.split(' ').filter((one) => one !== ''),
    name,
    createdAt: row.created_at,
    ...(row.used_at !== null && { usedAt: row.used_at }),
  };
}

export const passkeyChallengeColumns = {
  hash: 'bytes',
  person: 'text?',
  ends_at: 'integer',
} as const satisfies Columns;
export type PasskeyChallengeRow = Row<typeof passkeyChallengeColumns>;

export function passkeyChallengeToRow({ hash, person, endsAt }: PasskeyChallenge): PasskeyChallengeRow {
  return { hash, person: person ?? null, ends_at: endsAt };
}

export function passkeyChallengeFromRow(row: PasskeyChallengeRow): PasskeyChallenge {
  return { hash: row.hash, ...(row.person !== null && { person: row.person }), endsAt: row.ends_at };
}
