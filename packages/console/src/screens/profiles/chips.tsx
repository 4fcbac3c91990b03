import { euiccProfileStates, profileSorts } from '@esim-rsp/sdk';
import { useId } from 'react';
import { useText } from '../../text/text.ts';
import { type Filters, isFiltered, sinceValues } from './filters.ts';

type Props = {
  readonly filters: Filters;
  readonly types: readonly string[];
  /** Writes a filter into the address; an empty value removes it. */
  readonly onChange: (name: string, value: string) => void;
  readonly onClear: () => void;
};

/** The filters of the list as chips, and a way to add one. */
export function Chips({ filters, types, onChange, onClear }: Props) {
  const text = useText();
  const words = text.profiles;
  return (
    <div className="chips">
      {isFiltered(filters) && (
        <ul aria-label={words.filter}>
          {chipsOf(filters, text).map(({ name, value, title, rest }) => (
            <li key={`${name}${value}`} className="chip">
              {title}
              <button
                type="button"
                aria-label={words.removeFilter(title)}
                onClick={() => onChange(name, rest)}
              >
                ×
              </button>
            </li>
          ))}
          <li>
            <button type="button" className="plain" onClick={onClear}>
              {words.clear}
            </button>
          </li>
        </ul>
      )}
      <AddFilter filters={filters} types={types} onChange={onChange} />
    </div>
  );
}

type Chip = { readonly name: string; readonly value: string; readonly title: string; readonly rest: string };

function chipsOf(filters: Filters, text: ReturnType<typeof useText>): Chip[] {
  const words = text.profiles;
  const states = filters.states.map((state) => ({
    name: 'state',
    value: state,
    title: `${words.state}: ${text.state[state as keyof typeof text.state] ?? state}`,
    rest: filters.states.filter((one) => one !== state).join(','),
  }));
  const single = (name: string, label: string, value: string | undefined) =>
    value === undefined ? [] : [{ name, value, title: `${label}: ${value}`, rest: '' }];
  return [
    ...states,
    ...single('type', words.type, filters.type),
    ...single('eid', words.eid, filters.eid),
    ...single('imsi', words.imsi, filters.imsi),
    ...single('msisdn', words.phone, filters.msisdn),
    ...single('text', words.starts, filters.text),
    ...single('since', words.since, filters.since && words.sinceValues[filters.since]),
  ];
}

function AddFilter({ filters, types, onChange }: Omit<Props, 'onClear'>) {
  const text = useText();
  const words = text.profiles;
  const number = useId();
  const others = euiccProfileStates.filter((state) => !filters.states.includes(state));
  return (
    <details className="adding">
      <summary>+ {words.filter}</summary>
      <div className="floating form">
        <label>
          {words.state}
          <select
            value=""
            onChange={({ target }) => onChange('state', [...filters.states, target.value].join(','))}
          >
            <option value="" />
            {others.map((state) => (
              <option key={state} value={state}>
                {text.state[state]}
              </option>
            ))}
          </select>
        </label>
        {types.length > 0 && (
          <label>
            {words.type}
            <select value={filters.type ?? ''} onChange={({ target }) => onChange('type', target.value)}>
              <option value="" />
              {types.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          {words.since}
          <select value={filters.since ?? ''} onChange={({ target }) => onChange('since', target.value)}>
            <option value="" />
            {sinceValues.map((value) => (
              <option key={value} value={value}>
                {words.sinceValues[value]}
              </option>
            ))}
          </select>
        </label>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onChange('text', String(new FormData(event.currentTarget).get('text')).replace(/\s/g, ''));
          }}
        >
          <label htmlFor={number}>{words.starts}</label>
          <input id={number} name="text" defaultValue={filters.text} inputMode="numeric" pattern="[0-9 ]*" />
        </form>
        <label>
          {words.sort}
          <select value={filters.sort ?? ''} onChange={({ target }) => onChange('sort', target.value)}>
            <option value="" />
            {profileSorts.map((sort) => (
              <option key={sort} value={sort}>
                {words.sorts[sort]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </details>
  );
}
