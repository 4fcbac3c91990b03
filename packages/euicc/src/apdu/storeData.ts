import { concat } from '@esim-rsp/codec';
import type { CardEnv } from '../card/card.ts';
import type { Es10Function } from '../es10/command.ts';
import { answerByGetResponse, channelOf, type Instruction, status, withChannel } from './powered.ts';
import { sw } from './status-words.ts';

/** P1: more blocks follow, or this is the last one. */
const [MORE, LAST] = [0x11, 0x91];

/** What executes the commands. */
export type Executing = CardEnv & { readonly execute: Es10Function };

/**
 * STORE DATA (SGP.22 5.7.2): one block of a command of ES10, or of a segment of a package. P2 counts blocks from 00, so there are
 * at most 256; block 00 always starts a new command. The command is executed after its last block.
 */
export const storeData: Instruction<Executing> = (powered, command, env) => {
  const { p1, p2, data } = command;
  const { selected, blocks = [] } = channelOf(powered, command);
  const dropped = withChannel(powered, command, { selected });
  if (p1 !== MORE && p1 !== LAST) return status(dropped, sw.incorrectP1P2);
  if (data.length === 0) return status(dropped, sw.wrongLength);
  if (selected !== 'isd-r' || (p2 !== 0 && p2 !== blocks.length))
    return status(dropped, sw.conditionsNotSatisfied);
  const collected = [...(p2 === 0 ? [] : blocks), Uint8Array.from(data)];
  if (p1 === MORE) return status(withChannel(powered, command, { selected, blocks: collected }), sw.ok);
  const outcome = env.execute(powered.card, concat(...collected), env);
  const next = { ...dropped, card: outcome.card };
  return outcome.sw === sw.ok ? answerByGetResponse(next, command, outcome.data) : status(next, outcome.sw);
};
