import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Binding, bindingOf, type OrderId } from '@esim-rsp/smdp/state/order';
import type { Device } from '@esim-rsp/smdp/state/profile';
import type { Use } from '@esim-rsp/smdp/state/use';
import type { Columns, Row } from './column-types.ts';
import { required } from './required.ts';

export const useColumns = {
  iccid: 'text',
  eid: 'text',
  order_id: 'text?',
  euicc_otpk: 'bytes?',
  ot_sk_dp: 'secret bytes?',
  host_id: 'bytes?',
  device_state: 'text?',
  last_seq_number: 'integer?',
  last_notification_at: 'integer?',
  version: 'integer',
} as const satisfies Columns;
export type UseRow = Row<typeof useColumns>;

export function useToRow({ iccid, eid, orderId, binding, device, version }: Use): UseRow {
  return {
    iccid,
    eid,
    order_id: orderId ?? null,
    euicc_otpk: binding?.euiccOtpk ?? null,
    ot_sk_dp: binding?.otSkDp ?? null,
    host_id: binding?.hostId ?? null,
    device_state: device?.state ?? null,
    last_seq_number: device?.lastSeqNumber ?? null,
    last_notification_at: device?.lastNotificationAt ?? null,
    version,
  };
}

export function useFromRow(row: UseRow): Use {
  return {
    iccid: row.iccid as Iccid,
    eid: row.eid as Eid,
    ...(row.order_id !== null && { orderId: row.order_id as OrderId }),
    ...(row.ot_sk_dp !== null && { binding: bindingFrom(row) }),
    ...(row.last_seq_number !== null && { device: deviceFrom(row, row.last_seq_number) }),
    version: row.version,
  };
}

function bindingFrom(row: UseRow): Binding {
  return bindingOf({
    eid: row.eid as Eid,
    euiccOtpk: required(row, 'euicc_otpk'),
    otSkDp: required(row, 'ot_sk_dp'),
    hostId: required(row, 'host_id'),
  });
}

function deviceFrom(row: UseRow, lastSeqNumber: number): Device {
  return {
    eid: row.eid as Eid,
    lastSeqNumber,
    lastNotificationAt: required(row, 'last_notification_at'),
    ...(row.device_state !== null && { state: row.device_state as NonNullable<Device['state']> }),
  };
}
