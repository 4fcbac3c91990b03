import { decode } from '@esim-rsp/codec';
import { type Card, execute, freeMemory, type ListedProfile, listProfiles, powerOn } from '@esim-rsp/euicc';
import type { Phone } from '@esim-rsp/phone';
import type { LabPhoneState } from '@esim-rsp/server/rest/lab/lab-phone';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { RunningDownload } from './download.ts';
import { iconOf } from './icon.ts';

/** The phone as its screen shows it. */
export async function describePhone(
  phone: Phone,
  lastEvent: number,
  running: RunningDownload | undefined,
): Promise<LabPhoneState> {
  const card = phone.card();
  const icons = new Map(
    card.profiles.map(({ iccid, metadata }) => [iccid, iconOf(decode(StoreMetadataRequest, metadata))]),
  );
  const profiles = await profilesOn(card);
  return {
    eid: card.eid,
    free_memory: freeMemory(card),
    profiles: profiles.map(({ iccid, state, profileName, serviceProviderName, profileClass }) => {
      const icon = icons.get(iccid);
      return {
        iccid,
        state,
        profile_name: profileName,
        service_provider_name: serviceProviderName,
        profile_class: profileClass,
        ...(icon !== undefined && { icon }),
      };
    }),
    notifications: card.notifications.length,
    ...(running && { download: running.state() }),
    last_event: lastEvent,
  };
}

/**
 * Asks a copy of the card that has just got power: what the screen looks at is no call of the LPA, and a card refuses to list profiles while
 * it loads one.
 */
function profilesOn(card: Card): Promise<ListedProfile[]> {
  const copy = powerOn(card).card;
  return listProfiles({ transmit: async (command) => execute(copy, command, { random: systemRandom }) });
}
