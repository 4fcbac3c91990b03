import { equal, fromHex, tlv } from '@esim-rsp/codec';
import { type Card, enabledProfile } from '../card/card.ts';
import { SVN } from '../es10/info.ts';
import {
  type Answered,
  type Application,
  answerByGetResponse,
  answerDirectly,
  channelOf,
  type Instruction,
  status,
  withChannel,
} from './powered.ts';
import { sw } from './status-words.ts';

/** The application identifier of ISD-R (SGP.22 5.7.1). */
export const ISD_R: Uint8Array = fromHex('a0000005591010ffffffff8900000100');

/** The shortest partial AID: a registered provider. */
const RID_LENGTH = 5;

const BY_NAME = 0x04;
/** P2: the first occurrence with its FCI, the next one, the first one with its FCP (ETSI TS 102 221 11.1.1), and the first one without data. */
const [FIRST, NEXT, FIRST_WITH_FCP, FIRST_WITHOUT_DATA] = [0x00, 0x02, 0x04, 0x0c];

/** The beginning of the AIDs of USIMs (3GPP TS 31.110): the rest names the country and the issuer. */
export const USIM: Uint8Array = fromHex('a0000000871002');

/**
 * SELECT: ISD-R or the USIM of the enabled profile, by its AID or the beginning of it. If another application is requested, the selection does not
 * change. A terminal that asks for the FCP of ISD-R gets the FCI: ISD-R has no other description.
 */
export const select: Instruction<unknown> = (powered, command) => {
  const { p1, p2, data } = command;
  if (p1 !== BY_NAME || p2 === NEXT) return status(powered, sw.notFound);
  if (p2 !== FIRST && p2 !== FIRST_WITH_FCP && p2 !== FIRST_WITHOUT_DATA)
    return status(powered, sw.incorrectP1P2);
  const application = applicationNamed(data, powered.card);
  if (application === undefined) return status(powered, sw.notFound);
  const selected = withChannel(powered, command, { selected: application });
  return p2 === FIRST_WITHOUT_DATA
    ? status(selected, sw.ok)
    : answerByGetResponse(selected, command, descriptions[application]());
};

function applicationNamed(aid: Uint8Array, card: Card): Application | undefined {
  if (aid.length < RID_LENGTH) return undefined;
  if (equal(aid, ISD_R.subarray(0, aid.length))) return 'isd-r';
  const isUsim = equal(aid.subarray(0, USIM.length), USIM.subarray(0, aid.length));
  return isUsim && enabledProfile(card) !== undefined ? 'usim' : undefined;
}

/** FCP of a USIM: an application, and the beginning of its name (ETSI TS 102 221 11.1.1.4). */
function fileControlParameters(): Uint8Array {
  return tlv(0x62, tlv(0x82, fromHex('7821')), tlv(0x84, USIM), tlv(0x8a, Uint8Array.of(0x05)));
}

const descriptions: Readonly<Record<Application, () => Uint8Array>> = {
  'isd-r': fileControlInformation,
  usim: fileControlParameters,
};

/** FCI: name, the length of data that a command may have, and the version of SGP.22 (ISDRProprietaryApplicationTemplate, 5.7.1). */
function fileControlInformation(): Uint8Array {
  const proprietary = tlv(0xa5, fromHex('9f6501ff'));
  return tlv(0x6f, tlv(0x84, ISD_R), proprietary, tlv(0xe0, tlv(0x82, SVN)));
}

const [NAME, NO_DATA] = [0x01, 0x0c];

/** STATUS (ETSI TS 102 221 11.1.2): the AID of the application, or nothing. Terminals use it to check that the card is present. */
export const statusOf: Instruction<unknown> = (powered, command): Answered => {
  const { p1, p2 } = command;
  if (p1 > 0x02 || (p2 !== NAME && p2 !== NO_DATA)) return status(powered, sw.incorrectP1P2);
  if (p2 === NO_DATA) return status(powered, sw.ok);
  const { selected } = channelOf(powered, command);
  if (selected === undefined) return status(powered, sw.conditionsNotSatisfied);
  return answerDirectly(powered, command, tlv(0x84, selected === 'usim' ? USIM : ISD_R));
};
