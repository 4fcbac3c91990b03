import type { SetUpstreamTypeRequest, UpstreamType } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import type { Column } from '../../parts/column.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Table } from '../../parts/table.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** The types whose profiles are ordered at the upstream. */
export function Types({ name }: { name: string }) {
  const text = useText();
  const words = text.upstreams;
  const api = useApi();
  const [error, setError] = useState<unknown>();
  const loaded = useLoad(
    async (signal) => (await api.listUpstreamTypes(name, { signal })).data.types,
    [name],
  );
  const run = (call: Promise<unknown>) => {
    setError(undefined);
    call.then(loaded.reload, setError);
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run(api.setUpstreamType(name, typeIn(form)));
    event.currentTarget.reset();
  };
  const { data: rows } = loaded;
  const shown: Column<UpstreamType>[] = [
    { title: words.type, value: ({ profile_type }) => profile_type },
    { title: words.vendorType, value: ({ vendor_type }) => vendor_type },
    { title: words.ready, value: readyText },
    { title: words.lastError, value: ({ last_error }) => last_error?.message },
    {
      title: words.remove,
      value: () => undefined,
      cell: ({ profile_type }) => (
        <button
          type="button"
          className="small"
          aria-label={words.removeType(profile_type)}
          onClick={() => run(api.deleteUpstreamType(name, profile_type))}
        >
          {words.remove}
        </button>
      ),
    },
  ];
  return (
    <section aria-label={words.types}>
      <h2>{words.types}</h2>
      <p className="muted">{words.typesWhat}</p>
      <Problem error={error ?? loaded.error} />
      {rows !== undefined && rows.length > 0 && (
        <Table label={words.types} rows={rows} columns={shown} idOf={({ profile_type }) => profile_type} />
      )}
      <form className="chips" onSubmit={add}>
        <input name="type" required maxLength={128} aria-label={words.type} placeholder={words.type} />
        <input name="vendor" maxLength={128} aria-label={words.vendorType} placeholder={words.vendorType} />
        <input
          name="keep"
          type="number"
          min={0}
          max={1000}
          aria-label={words.keepReady}
          placeholder={words.keepReady}
        />
        <input
          name="batch"
          type="number"
          min={1}
          max={1000}
          aria-label={words.batch}
          placeholder={words.batch}
        />
        <button type="submit">{words.addType}</button>
      </form>
    </section>
  );
}

/** What the form says; an empty field is absent. */
function typeIn(form: FormData): SetUpstreamTypeRequest {
  const [type = '', vendor, keep, batch] = ['type', 'vendor', 'keep', 'batch'].map((field) =>
    String(form.get(field) ?? '').trim(),
  );
  return {
    profile_type: type,
    ...(vendor && { vendor_type: vendor }),
    ...(keep && { keep_ready: Number(keep) }),
    ...(batch && { batch: Number(batch) }),
  };
}

/** Those that are ready, and below which number more are reserved. */
function readyText({ ready, keep_ready, batch }: UpstreamType): string {
  return keep_ready === 0 ? String(ready) : `${ready} (< ${keep_ready}: +${batch})`;
}
