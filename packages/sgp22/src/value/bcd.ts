/** Every octet as two digits, the lower nibble first. */
const SWAPPED = Array.from(
  { length: 256 },
  (_, octet) => (octet & 0x0f).toString(16) + (octet >> 4).toString(16),
);

/** Nibble-swapped BCD as SIM files hold it: lower-case hexadecimal digits, so that padding is `f`. */
export function swappedDigits(octets: Uint8Array): string {
  let digits = '';
  for (const octet of octets) digits += SWAPPED[octet];
  return digits;
}
