import { type AlertStore, stockSubject } from '../ports/mail/alerts.ts';
import {
  type AlertRow,
  alertFromRow,
  type MailRecipientRow,
  mailRecipientFromRow,
  type StockLimitRow,
  stockLimitFromRow,
} from '../rows/mail/alerts.ts';
import { deliveryCall } from './delivery-call.ts';
import type { TextCall, TextEngine } from './text-call.ts';

const RECIPIENTS = 'select * from mail_recipient where account = ? order by address';
const RECIPIENTS_OF =
  "select * from mail_recipient where ',' || kinds || ',' like ? order by account, address";
const PUT_RECIPIENT = `insert into mail_recipient (account, address, kinds, language, created_at)
  select ?, ?, ?, ?, cast(? as bigint) where (select count(*) from mail_recipient where account = ? and not address = ?) < cast(? as bigint)
  on conflict (account, address) do update set kinds = excluded.kinds, language = excluded.language`;
const DELETE_RECIPIENT = 'delete from mail_recipient where account = ? and address = ?';
const ALERTS = 'select * from alert where account = ?';
const NEW_ALERT =
  'insert into alert (account, subject, level, changed_at) values (?, ?, ?, ?) on conflict do nothing';
const MOVE_ALERT =
  'update alert set level = ?, changed_at = ? where account = ? and subject = ? and level = ?';
const END_ALERT = 'delete from alert where account = ? and subject = ?';
const LIMITS =
  'select * from stock_limit where (account, profile_type) > (?, ?) order by account, profile_type limit ?';
const LIMITS_AT_ONCE = 500;
const LIMITS_OF = 'select * from stock_limit where account = ? order by profile_type';
const SET_LIMIT = `insert into stock_limit (account, profile_type, low_at) values (?, ?, ?)
  on conflict (account, profile_type) do update set low_at = excluded.low_at`;
const DELETE_LIMIT = 'delete from stock_limit where account = ? and profile_type = ?';

/** The same statements on every engine. */
export function alertStore({ read, writeIf }: TextEngine): AlertStore {
  const rows = async <R>(...call: TextCall) => ((await read([call]))[0] ?? []) as R[];
  return {
    mailRecipients: async (account) =>
      (await rows<MailRecipientRow>(RECIPIENTS, account)).map(mailRecipientFromRow),
    recipientsOf: async (kind) =>
      (await rows<MailRecipientRow>(RECIPIENTS_OF, `%,${kind},%`)).map(mailRecipientFromRow),
    putMailRecipient: async ({ account, address, kinds, language, createdAt }, most) => {
      const row = [account, address, kinds.join(','), language, createdAt] as const;
      return (await writeIf([[PUT_RECIPIENT, ...row, account, address, most]])) ? 'saved' : 'full';
    },
    deleteMailRecipient: async (account, address) =>
      (await writeIf([[DELETE_RECIPIENT, account, address]])) ? 'deleted' : 'unknown',
    alerts: async (account) => (await rows<AlertRow>(ALERTS, account)).map(alertFromRow),
    moveAlert: async ({ account, subject, level, from, at }, deliveries) => {
      const move: TextCall =
        from === undefined
          ? [NEW_ALERT, account, subject, level, at]
          : [MOVE_ALERT, level, at, account, subject, from];
      return (await writeIf([move, ...deliveries.map(deliveryCall)])) ? 'moved' : 'stale';
    },
    stockLimits: async (account) => {
      if (account !== undefined)
        return (await rows<StockLimitRow>(LIMITS_OF, account)).map(stockLimitFromRow);
      const found: StockLimitRow[] = [];
      for (;;) {
        const { account: last = '', profile_type: type = '' } = found.at(-1) ?? {};
        const page = await rows<StockLimitRow>(LIMITS, last, type, LIMITS_AT_ONCE);
        found.push(...page);
        if (page.length < LIMITS_AT_ONCE) return found.map(stockLimitFromRow);
      }
    },
    setStockLimit: async ({ account, profileType, lowAt }) => {
      const end: TextCall = [END_ALERT, account, stockSubject(profileType)];
      const set: TextCall =
        lowAt === undefined ? [DELETE_LIMIT, account, profileType] : [SET_LIMIT, account, profileType, lowAt];
      await writeIf([set, end]);
    },
  };
}
