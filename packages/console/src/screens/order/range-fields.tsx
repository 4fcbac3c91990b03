import { Optional } from '../../parts/form.tsx';
import { useText } from '../../text/text.ts';

/** Where the numbers of new profiles begin. */
export function RangeFields() {
  const words = useText().order;
  return (
    <>
      <label>
        {words.iccidStart}
        <input name="iccid" inputMode="numeric" pattern="[0-9 ]{18,24}" required autoComplete="off" />
      </label>
      <div className="columns">
        <label>
          {words.imsiStart}
          <input name="imsi" inputMode="numeric" pattern="[0-9 ]{6,20}" required autoComplete="off" />
        </label>
        <label>
          <Optional name={words.msisdnStart} />
          <input name="msisdn" inputMode="tel" pattern="[+]?[0-9 ]{1,24}" autoComplete="off" />
        </label>
      </div>
    </>
  );
}

type Ranges = { readonly iccid_start: string; readonly imsi_start: string; readonly msisdn_start?: string };

/** The ranges in a form with these fields. Spaces between digits do not count. */
export function rangesIn(form: FormData): Ranges {
  const digits = (name: string) => String(form.get(name) ?? '').replace(/\s/g, '');
  const msisdn = digits('msisdn');
  return {
    iccid_start: digits('iccid'),
    imsi_start: digits('imsi'),
    ...(msisdn !== '' && { msisdn_start: msisdn }),
  };
}
