import { concat } from '@esim-rsp/codec';
import type { CardEnv } from '../card/card.ts';
import type { Es10Function } from '../es10/command.ts';
import { execute } from '../es10/es10.ts';
import { authenticateUsim } from './authenticate.ts';
import { type Coding, type CommandApdu, readCommandApdu } from './command-apdu.ts';
import { getResponse } from './getResponse.ts';
import { manageChannel } from './manageChannel.ts';
import { type Answered, channelOf, type Instruction, type Powered, status, withChannel } from './powered.ts';
import { select, statusOf } from './select.ts';
import { sw } from './status-words.ts';
import { type Executing, storeData } from './storeData.ts';

type Known = { readonly coding: Coding | 'any'; readonly run: Instruction<Executing> };

/** TERMINAL PROFILE and TERMINAL CAPABILITY: the card ignores what the terminal can do. */
const ignore: Instruction<unknown> = (powered, { data }) =>
  status(powered, data.length === 0 ? sw.wrongLength : sw.ok);

const GET_RESPONSE = 0xc0;
const STORE_DATA = 0xe2;

/** The instructions by INS. */
const instructions: ReadonlyMap<number, Known> = new Map<number, Known>([
  [0x10, { coding: 'proprietary', run: ignore }],
  [0x70, { coding: 'interindustry', run: manageChannel }],
  [0x88, { coding: 'interindustry', run: authenticateUsim }],
  [0xa4, { coding: 'interindustry', run: select }],
  [0xaa, { coding: 'proprietary', run: ignore }],
  [GET_RESPONSE, { coding: 'any', run: getResponse }],
  [STORE_DATA, { coding: 'proprietary', run: storeData }],
  [0xf2, { coding: 'proprietary', run: statusOf }],
]);

/** The result of an APDU: the card with its channels, and the response with its status word at the end. */
export type Exchanged = Powered & { readonly response: Uint8Array };

/** Answers one command APDU (SGP.22 5.7.1, 5.7.2). Whatever its octets are, there is a response. */
export function exchange(
  powered: Powered,
  apdu: Uint8Array,
  env: CardEnv,
  executeCommand: Es10Function = execute,
): Exchanged {
  const { card, channels, sw: word, data } = answer(powered, apdu, { ...env, execute: executeCommand });
  return { card, channels, response: concat(data, Uint8Array.of(word >> 8, word & 0xff)) };
}

function answer(powered: Powered, apdu: Uint8Array, env: Executing): Answered {
  const command = readCommandApdu(apdu);
  if (typeof command === 'number') return status(powered, command);
  if (!powered.channels.has(command.channel)) return status(powered, sw.channelNotSupported);
  const known = instructions.get(command.ins);
  const next = dropUnfinished(powered, command);
  if (known === undefined) return status(next, sw.insNotSupported);
  if (known.coding !== 'any' && known.coding !== command.coding) return status(next, sw.classNotSupported);
  return known.run(next, command, env);
}

/** Drops what a command ends on its channel: an answer that was not fetched, and blocks of a command that is not continued. */
function dropUnfinished(powered: Powered, command: CommandApdu): Powered {
  const { selected, blocks, pending } = channelOf(powered, command);
  return withChannel(powered, command, {
    selected,
    ...(blocks !== undefined && command.ins === STORE_DATA && { blocks }),
    ...(pending !== undefined && command.ins === GET_RESPONSE && { pending }),
  });
}
