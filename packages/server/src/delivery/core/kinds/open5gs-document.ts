import type { CoreNetwork } from '../../../store/ports/gateway/core-networks.ts';
import type { Subscription } from '../subscription.ts';

/** The unit of bit rates in the database of Open5GS: 0 bit/s … 4 Tbit/s. */
const MBPS = 2;

/** The members of a subscriber in the database of Open5GS, all but IMSI and sequence number. */
export function open5gsMembers({ msisdn, k, opc }: Subscription, { settings: { terms } }: CoreNetwork) {
  const { amf, apn, sst, sd, ambrDownlinkMbps, ambrUplinkMbps } = terms;
  const ambr = {
    downlink: { value: ambrDownlinkMbps, unit: MBPS },
    uplink: { value: ambrUplinkMbps, unit: MBPS },
  };
  const qos = {
    index: 9,
    arp: { priority_level: 8, pre_emption_capability: 1, pre_emption_vulnerability: 1 },
  };
  const session = { name: apn, type: 3, qos, ambr, pcc_rule: [] };
  const slice = { sst, ...(sd !== undefined && { sd }), default_indicator: true, session: [session] };
  return {
    schema_version: 1,
    msisdn: msisdn === undefined ? [] : [msisdn],
    ...{ 'security.k': k, 'security.opc': opc, 'security.op': null, 'security.amf': amf },
    ambr,
    slice: [slice],
    access_restriction_data: 32,
    subscriber_status: 0,
    network_access_mode: 0,
    subscribed_rau_tau_timer: 12,
  };
}
