/**
 * A phone number as it is searched for: digits only. An international one has neither + nor 00, and what people write between digits is
 * left out. Empty: the text is no phone number.
 */
export function msisdnDigits(text: string): string {
  const digits = text.replace(/[\s()./-]/g, '').replace(/^(?:\+|00)(?=\d)/, '');
  return /^\d+$/.test(digits) ? digits : '';
}
