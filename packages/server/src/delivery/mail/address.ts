import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** Longest address that SMTP carries (RFC 5321, 4.5.3.1). */
export const MOST_ADDRESS = 254;
/** A mailbox without quotes and comments: it cannot end a header, or begin another one. A domain in other letters is written as xn--… */
export const ADDRESS_PATTERN =
  "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$";
export const ADDRESS_IN_WORDS = 'a mail address such as name@example.com';
const address = new RegExp(ADDRESS_PATTERN);

/** Reads a mail address. The domain is the same in upper and lower case. */
export function parseAddress(text: string): string {
  const at = text.lastIndexOf('@');
  if (text.length > MOST_ADDRESS || at > 64 || !address.test(text))
    throw new ValueError(`${ADDRESS_IN_WORDS} is expected`);
  return text.slice(0, at) + text.slice(at).toLowerCase();
}

/** Reads addresses that are separated by commas. */
export function parseAddresses(text: string): readonly string[] {
  return [...new Set(text.split(',').map((one) => parseAddress(one.trim())))];
}

/** Who a mail is from: an address, and a name that people see. */
export type Sender = { readonly address: string; readonly name?: string };

/** Reads `name@example.com` or `Name <name@example.com>`. */
export function parseSender(text: string): Sender {
  const [, name = '', inside] = /^([^<>\p{C}]{0,100})<([^<>]*)>$/u.exec(text.trim()) ?? [];
  if (inside === undefined) return { address: parseAddress(text.trim()) };
  const plain = name.trim().replace(/^"([^"]*)"$/, '$1');
  return { address: parseAddress(inside), ...(plain !== '' && { name: plain }) };
}
