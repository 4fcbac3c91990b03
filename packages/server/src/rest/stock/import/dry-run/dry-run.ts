import type { Imported, ImportProfileRequest } from '@esim-rsp/smdp/stock/importProfile';
import { HttpProblem } from '../../../frame/problem.ts';
import { ImportError, type Place } from '../row.ts';
import { type KeptValues, startKeeping, valuesOf } from './row-values.ts';

/** Remembers what an import would have created, for the rows after it. */
export type DryRun = {
  /** What would become of a row, after the decision about it. Throws if a row before it has its numbers. */
  outcomeOf(place: Place, request: ImportProfileRequest, decided: Imported): Imported['outcome'];
  /** Forgets the rows. */
  end(): void;
};

/**
 * Rows that all dry runs of the server remember together, of about 300 bytes each: the profiles of these rows would be there for the rows
 * after them.
 */
const MOST_REMEMBERED = 2_000_000;
let remembered = 0;

/** Starts a dry run of one file. */
export function startDryRun(allowsDuplicateImsi: boolean): DryRun {
  const rows = rowsByNumber();
  const values = startKeeping();
  let hasEnded = false;
  return {
    outcomeOf: (place, request, { outcome, profile }) => {
      if (outcome === 'exists') return outcome;
      const { iccid, imsi } = profile;
      const own = valuesOf(request, profile);
      const same = rows.withIccid(iccid);
      if (same !== undefined) {
        const difference = values.differenceOf(same.values, own);
        if (difference === undefined) return 'exists';
        throw refuseRow('profile_not_available', same, `has this ICCID too, ${differences[difference]}`);
      }
      const holder = allowsDuplicateImsi ? undefined : rows.withImsi(imsi);
      if (holder !== undefined) throw refuseRow('imsi_in_use', holder, 'has this IMSI too');
      if (remembered >= MOST_REMEMBERED)
        throw new ImportError('the server checks too many rows at the same time: try again later');
      if (hasEnded) return outcome; // another row of the batch has failed
      remembered += 1;
      rows.add(iccid, imsi, { line: 'line' in place ? place.line : undefined, values: values.keep(own) });
      return outcome;
    },
    end: () => {
      hasEnded = true;
      remembered -= rows.clear();
    },
  };
}

const differences = { other: 'with other values', absent: 'without some values of this row' };

type Seen = { readonly line: number | undefined; readonly values: KeptValues };

function refuseRow(code: 'profile_not_available' | 'imsi_in_use', { line }: Seen, what: string): HttpProblem {
  const where = line === undefined ? 'another file of the zip' : `line ${line}`;
  return new HttpProblem(409, code, `${where} ${what}`);
}

/**
 * The rows of a file by their ICCIDs and IMSIs. Numbers are kept as numbers, which take less than texts: a text from a file would keep the
 * whole line in memory.
 */
function rowsByNumber() {
  const byIccid = new Map<string, Map<number, Seen>>();
  const byImsi = new Map<number, Seen>();
  const split = (iccid: string) => [iccid.slice(0, 9), Number(`1${iccid.slice(9)}`)] as const;
  return {
    withIccid: (iccid: string) => {
      const [group, rest] = split(iccid);
      return byIccid.get(group)?.get(rest);
    },
    withImsi: (imsi: string) => (imsi === '' ? undefined : byImsi.get(Number(`1${imsi}`))),
    add: (iccid: string, imsi: string, row: Seen) => {
      const [name, rest] = split(iccid);
      const group = byIccid.get(name) ?? new Map<number, Seen>();
      byIccid.set(name, group.set(rest, row));
      if (imsi !== '') byImsi.set(Number(`1${imsi}`), row);
    },
    /** Gives how many there were. */
    clear: () => {
      const count = [...byIccid.values()].reduce((sum, group) => sum + group.size, 0);
      byIccid.clear();
      byImsi.clear();
      return count;
    },
  };
}
