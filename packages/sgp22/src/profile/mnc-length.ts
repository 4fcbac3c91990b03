import { ValueError } from '../value/value-error.ts';

/**
 * How many digits the network codes (MNC) of a country code (MCC) have. ITU-T E.212 leaves it to the national numbering
 * plan; the assignments are in "Mobile network codes (MNC) for the international identification plan for public networks
 * and subscriptions", which ITU publishes with its Operational Bulletin. An IMSI does not show where its MNC ends.
 */

/** IMSIs that start so have an MNC of three digits. */
const THREE_DIGITS: readonly string[] = [
  '302', // Canada
  ...['310', '311', '312', '313', '314', '315', '316'], // United States
  '330', // Puerto Rico
  '334', // Mexico
  '338', // Jamaica
  '342', // Barbados
  '344', // Antigua and Barbuda
  '346', // Cayman Islands
  '348', // British Virgin Islands
  '352', // Grenada
  '354', // Montserrat
  '356', // Saint Kitts and Nevis
  '358', // Saint Lucia
  '360', // Saint Vincent and the Grenadines
  '365', // Anguilla
  '366', // Dominica
  '376', // Turks and Caicos Islands
  '708', // Honduras
  '722', // Argentina
  '732', // Colombia
  '750', // Falkland Islands
  ...['20850', '20870'], // France: local networks; all others have two digits
  '21470', // Spain: local networks
  '25570', // Ukraine
];

/** Both lengths are assigned here, and the first digits do not decide which it is. */
const EITHER: readonly string[] = [
  '350', // Bermuda
  '364', // Bahamas
  '374', // Trinidad and Tobago
  '405', // India
  '441', // Japan
  '467', // Democratic People's Republic of Korea
  '502', // Malaysia
  '710', // Nicaragua
  '714', // Panama
  '738', // Guyana
  '999', // internal use within private networks (E.212 annex)
];

/** The number of MNC digits of an IMSI; throws a ValueError for `mncLength` where its country code has both lengths. */
export function mncLengthOf(imsi: string): 2 | 3 {
  if (EITHER.some((start) => imsi.startsWith(start)))
    throw new ValueError(
      `is missing: network codes under the country code ${imsi.slice(0, 3)} have 2 or 3 digits, so say which`,
      { field: 'mncLength' },
    );
  return THREE_DIGITS.some((start) => imsi.startsWith(start)) ? 3 : 2;
}
