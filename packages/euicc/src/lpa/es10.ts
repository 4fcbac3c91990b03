import { DerError, decode, encode, type Type } from '@esim-rsp/codec';
import { type Iccid, iccidFromSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { LpaFailure } from './failure.ts';
import type { Es10Channel, StepName } from './ports.ts';

/** A function of ES10 with its command and its response. */
export type Es10Call<Q, R> = {
  readonly step: StepName;
  readonly request: Type<Q>;
  readonly response: Type<R>;
};

/** Sends one command and reads the response; throws an LpaFailure if the card gives none. */
export async function callEs10<Q, R>(
  es10: Es10Channel,
  { step, request, response }: Es10Call<Q, R>,
  value: Q,
): Promise<R> {
  const data = await transmit(es10, step, encode(request, value));
  try {
    return decode(response, data);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new LpaFailure(
      step,
      `the answer of the eUICC cannot be read: ${error.message}`,
      {},
      { cause: error },
    );
  }
}

/** Sends one command, or one segment; throws an LpaFailure for another status word than 9000. */
export async function transmit(es10: Es10Channel, step: StepName, command: Uint8Array): Promise<Uint8Array> {
  const { sw, data } = await es10.transmit(command);
  if (sw !== 0x9000)
    throw new LpaFailure(step, `the eUICC answered with status word ${sw.toString(16).toUpperCase()}`);
  return data;
}

/** The name of an error number; `undefinedError` and numbers that are not defined stay numbers. */
export function errorName(names: Readonly<Record<string, number>>, code: number): string {
  return Object.entries(names).find(([, value]) => value === code)?.[0] ?? `error ${code}`;
}

/** Reads an ICCID from a card or a server; throws an LpaFailure if the octets are not an ICCID. */
export function iccidIn(step: StepName, octets: Uint8Array): Iccid {
  try {
    return iccidFromSwappedBcd(octets);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new LpaFailure(
      step,
      `the ICCID of a profile cannot be read: ${error.message}`,
      {},
      { cause: error },
    );
  }
}
