import type { AuditEntry } from '@esim-rsp/sdk';
import { Link, useSearchParams } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { Digits } from '../../parts/digits.tsx';
import { usePages } from '../../parts/load.ts';
import { Rows } from '../../parts/rows.tsx';
import { Mark } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useApi } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';

/** Who did what to which, the newest first. */
export function Audit() {
  const text = useText();
  const words = text.access;
  const api = useApi();
  const [address, setAddress] = useSearchParams();
  const [target, key] = [address.get('target') || undefined, address.get('key') || undefined];
  const person = address.get('person') || undefined;
  const who = key ?? person;
  const pages = usePages<AuditEntry>(
    async (cursor, signal) => {
      const request = {
        count: 100,
        ...(target !== undefined && { target }),
        ...(key !== undefined && { key_id: key }),
        ...(person !== undefined && { person_id: person }),
        ...(cursor !== undefined && { cursor }),
      };
      const { data } = await api.listAudit(request, { signal });
      return { rows: data.entries, next: data.next_cursor, limited: data.search_limited === true };
    },
    [target, key, person],
  );
  const shown = columns(words);
  const isEmpty = pages.rows.length === 0 && !pages.isLoading && pages.error === undefined;
  return (
    <section>
      <div className="title">
        <h2>{words.audit}</h2>
        <div className="actions">
          <ExportButton name="audit" columns={shown} rows={pages.rows} />
        </div>
      </div>
      <div className="chips">
        {who !== undefined && (
          <span className="chip">
            {words.who}: {who}
            <button
              type="button"
              aria-label={text.profiles.removeFilter(words.who)}
              onClick={() => setAddress(target === undefined ? {} : { target })}
            >
              ×
            </button>
          </span>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const value = String(new FormData(event.currentTarget).get('target')).trim();
            setAddress({
              ...(value !== '' && { target: value }),
              ...(key !== undefined && { key }),
              ...(person !== undefined && { person }),
            });
          }}
        >
          <input
            name="target"
            size={34}
            defaultValue={target}
            aria-label={words.filterTarget}
            placeholder={words.filterTarget}
          />
        </form>
      </div>
      {isEmpty ? (
        <p className="empty">{words.auditEmpty}</p>
      ) : (
        <Rows label={words.audit} pages={pages} columns={shown} idOf={({ id }) => String(id)} />
      )}
    </section>
  );
}

function columns(words: Text['access']): Column<AuditEntry>[] {
  return [
    { title: words.what, on: 'main', value: ({ operation }) => operation },
    { title: words.when, value: (row) => row.occurred_at, cell: (row) => <Time at={row.occurred_at} /> },
    { title: words.who, value: (row) => whoOf(row, words) },
    {
      title: words.target,
      value: ({ target }) => target,
      cell: ({ target }) =>
        target !== undefined && /^\d{19,20}$/.test(target) ? (
          <Link href={`/profiles/${target}`}>
            <Digits value={target} />
          </Link>
        ) : (
          target
        ),
    },
    {
      title: words.result,
      on: 'wide',
      value: ({ status, code }) => `${status ?? ''} ${code ?? ''}`.trim(),
      cell: ({ status, code }) =>
        code === undefined ? (
          <Mark family="device">{String(status ?? '')}</Mark>
        ) : (
          <Mark family="failed">{`${status ?? ''} ${code}`.trim()}</Mark>
        ),
    },
  ];
}

function whoOf(entry: AuditEntry, words: Text['access']): string {
  const { operator, person, person_id, key_id, address } = entry;
  return (
    operator ??
    person ??
    person_id ??
    key_id ??
    (address === undefined ? words.local : `${words.unknown} ${address}`)
  );
}
