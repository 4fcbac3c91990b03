import { fromHex, toHex } from '@esim-rsp/codec';
import {
  cardFromJson,
  cardToJson,
  createCard,
  type Downloaded,
  download,
  type Es9Channel,
  type Es10Channel,
  exchange,
  execute,
  listProfiles,
  powerOn,
} from '@esim-rsp/euicc';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom as random } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseEid } from '@esim-rsp/sgp22/value/eid';

// A card is made for an EID, with an identity under each CI.
const eid = parseEid('89049032001001234500123456789086');
const generateKey = generateSigningKey;
const pki = makeTestPki({
  now: Date.now(),
  random,
  generateKey: generateKey,
  curve: 'P-256',
  hosts: ['localhost'],
  eids: [eid],
});
const eumCertificate = pki.eum.certificate.bytes;
const identities = pki.euiccs.map((euicc) => ({ euicc, eumCertificate }));
let card = createCard({ eid, identities, ciCertificates: [pki.ci.certificate.bytes] });

// A command of ES10 goes in, an outcome comes out: status word, response data, and the card afterwards.
const getEid = fromHex('bf3e035c015a');
const { sw, data } = execute(card, getEid, { random });
console.log(sw.toString(16), toHex(data)); // 9000 bf3e125a1089049032001001234500123456789086

// The LPA speaks to a card through a channel. Behind it may be this card, or a reader with a real one.
const es10: Es10Channel = {
  transmit: async (command) => {
    const outcome = execute(card, command, { random });
    card = outcome.card;
    return outcome;
  },
};
console.log(await listProfiles(es10)); // []

// To a reader the card speaks APDUs: here SELECT of ISD-R and its answer, which is fetched.
let powered = powerOn(card);
for (const apdu of ['00a4040010a0000005591010ffffffff8900000100', '00c0000021']) {
  const { response, ...next } = exchange(powered, fromHex(apdu), { random });
  powered = next;
  if (response.length > 2) console.log(toHex(response.subarray(-7))); // 82030205009000
}

// HTTPS is yours: an Es9Channel posts JSON, and checks the certificate that the server shows.
export function downloadBy(activationCode: string, es9: Es9Channel): Promise<Downloaded> {
  const source = parseActivationCode(activationCode);
  const wish = { source, consent: async () => true, confirmationCode: async () => undefined };
  return download(wish, { es10, es9, onStep: ({ text }) => console.log(text) });
}

// A card without power keeps everything but the session. The text holds keys: keep it secret.
card = cardFromJson(cardToJson(card));
