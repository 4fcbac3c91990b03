import { masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import type { SubscriptionTerms, Template } from '@esim-rsp/smdp/state/template';
import { bytesFromText, bytesToText } from './bytes-text.ts';
import type { Columns, Row } from './column-types.ts';

export const templateColumns = {
  id: 'text',
  account: 'text',
  profile_type: 'text',
  /** JSON. */
  terms: 'secret text',
  iccid_start: 'text',
  imsi_start: 'text',
  msisdn_start: 'text?',
  size: 'integer',
  passed: 'integer',
  master_key: 'secret bytes?',
  created_at: 'integer',
} as const satisfies Columns;
export type TemplateRow = Row<typeof templateColumns>;

export function templateToRow({ starts, masterKey, ...template }: Template): TemplateRow {
  return {
    id: template.id,
    account: template.account,
    profile_type: template.profileType,
    terms: bytesToText(template.terms),
    iccid_start: starts.iccidStart,
    imsi_start: starts.imsiStart,
    msisdn_start: starts.msisdnStart ?? null,
    size: template.size,
    passed: template.passed,
    master_key: masterKey?.key ?? null,
    created_at: template.createdAt,
  };
}

export function templateFromRow(row: TemplateRow): Template {
  const { msisdn_start: msisdnStart, master_key: masterKey } = row;
  return {
    id: row.id,
    account: row.account,
    profileType: row.profile_type,
    terms: bytesFromText(row.terms) as SubscriptionTerms,
    starts: {
      iccidStart: row.iccid_start,
      imsiStart: row.imsi_start,
      ...(msisdnStart !== null && { msisdnStart }),
    },
    size: row.size,
    passed: row.passed,
    ...(masterKey !== null && { masterKey: masterKeyOf(masterKey) }),
    createdAt: row.created_at,
  };
}
