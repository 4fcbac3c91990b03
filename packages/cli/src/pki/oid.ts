import { oidContent } from '@esim-rsp/codec';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** A dotted OID. */
export function parseOid(text: string): string {
  try {
    oidContent(text);
    return text;
  } catch (error) {
    if (error instanceof RangeError)
      throw new ValueError('a dotted OID is expected, such as 1.3.6.1.4.1.99999.1');
    throw error;
  }
}
