import { operationKinds, operationStates } from '@esim-rsp/sdk';
import { useAddressFilter } from '../../parts/address-filter.ts';
import { useLoad } from '../../parts/load.ts';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** The filters of the operations, which are in the address. */
export function OperationFilters() {
  const text = useText();
  const words = text.operations;
  const [address, set] = useAddressFilter();
  const upstreams = useUpstreamNames(address.get('upstream'));
  const iccid = address.get('iccid');
  const choices = [
    ['state', words.state, operationStates.map((one) => [one, words.states[one]])],
    ['operation', words.operation, operationKinds.map((one) => [one, words.kinds[one]])],
    ['upstream', words.upstream, upstreams.map((one) => [one, one])],
  ] as const;
  return (
    <div className="chips">
      {iccid && (
        <ul aria-label={text.profiles.filter}>
          <li className="chip">
            {words.profile}: {iccid}
            <button
              type="button"
              aria-label={text.profiles.removeFilter(words.profile)}
              onClick={() => set('iccid', '')}
            >
              ×
            </button>
          </li>
        </ul>
      )}
      {choices.map(([name, title, values]) => (
        <label key={name} className="inline">
          {title}{' '}
          <select value={address.get(name) ?? ''} onChange={({ target }) => set(name, target.value)}>
            <option value="">{words.all}</option>
            {values.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

/** Only admins see the list of upstreams; others, the one in the address. */
function useUpstreamNames(present: string | null): readonly string[] {
  const api = useApi();
  const isAdmin = useMay('admin');
  const { data = [] } = useLoad(
    async (signal) =>
      isAdmin ? (await api.listUpstreams({ signal })).data.upstreams.map(({ name }) => name) : [],
    [isAdmin],
  );
  return present === null || present === '' || data.includes(present) ? data : [...data, present];
}
