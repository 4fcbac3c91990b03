import { useAddressFilter } from '../../parts/address-filter.ts';
import { useText } from '../../text/text.ts';

const SINCE = ['24h', '7d', '30d'] as const;

/** The filters of the attempts as chips, and fields that add one. */
export function DownloadFilters() {
  const text = useText();
  const words = text.downloads;
  const [address, set] = useAddressFilter();
  const titles = { since: words.since, eid: words.eid, iccid: words.profile, reason: words.reason };
  const shown = (['eid', 'iccid', 'reason'] as const).filter((name) => address.get(name));
  return (
    <div className="chips">
      <ul aria-label={text.profiles.filter}>
        {shown.map((name) => (
          <li key={name} className="chip">
            {titles[name]}: {address.get(name)}
            <button
              type="button"
              aria-label={text.profiles.removeFilter(titles[name])}
              onClick={() => set(name, '')}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <label className="inline">
        {words.since}{' '}
        <select value={address.get('since') ?? ''} onChange={({ target }) => set('since', target.value)}>
          <option value="">{words.always}</option>
          {SINCE.map((value) => (
            <option key={value} value={value}>
              {text.profiles.sinceValues[value]}
            </option>
          ))}
        </select>
      </label>
      <form
        className="inline"
        onSubmit={(event) => {
          event.preventDefault();
          set('eid', String(new FormData(event.currentTarget).get('eid')).replace(/\s/g, ''));
        }}
      >
        <input
          name="eid"
          aria-label={words.eid}
          placeholder={words.eid}
          inputMode="numeric"
          pattern="[0-9 ]{32,40}"
        />
      </form>
    </div>
  );
}
