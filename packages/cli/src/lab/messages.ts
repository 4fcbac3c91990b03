import { toHex } from '@esim-rsp/codec';
import type { LabMessage } from '@esim-rsp/server/rest/lab/lab-phone';
import { explain, formatNode } from '@esim-rsp/sgp22/explain';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** The longest text of octets that is kept: a package of a test profile fits. */
const KEPT = 65_536;

/** A command or a response of the eUICC. */
export function cardMessage(octets: Uint8Array): LabMessage {
  const hex = toHex(octets.subarray(0, KEPT / 2)).toUpperCase();
  return { explained: explained(octets), octets: hex, is_cut: octets.length > KEPT / 2 };
}

/** A body of ES9+. */
export function serverMessage(text: string): LabMessage {
  return {
    explained: explained(new TextEncoder().encode(text)),
    octets: text.slice(0, KEPT),
    is_cut: text.length > KEPT,
  };
}

function explained(octets: Uint8Array): string {
  if (octets.length === 0) return 'nothing';
  try {
    return formatNode(explain(octets));
  } catch (error) {
    if (error instanceof ValueError) return `this cannot be explained: ${error.message}`;
    throw error;
  }
}
