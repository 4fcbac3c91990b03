import type { GetEUICCProfileResponse, ProfileEvent } from '@esim-rsp/sdk';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useLive } from '../../frame/live.tsx';
import { useAddressFilter } from '../../parts/address-filter.ts';
import type { Column } from '../../parts/column.tsx';
import { saveFile } from '../../parts/csv.ts';
import { Digits } from '../../parts/digits.tsx';
import { type Page, type Pages, useLoad, usePages } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Rows } from '../../parts/rows.tsx';
import { State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Bulk } from './bulk.tsx';
import { Chips } from './chips.tsx';
import { type Filters, hasTotal, isFiltered, readFilters, toQuery } from './filters.ts';

type Profile = GetEUICCProfileResponse;
type Words = ReturnType<typeof useText>['profiles'];
const PAGE = 100;
/** More changes than this at once are not read one by one. */
const MOST_CHANGES = 10;

/** The list of profiles. */
export function ProfilesScreen() {
  const text = useText();
  const words = text.profiles;
  const api = useApi();
  const [address, change, clear] = useAddressFilter();
  const filters = readFilters(address);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const pages = useProfiles(filters, address.toString());
  const { fresh, news, clearNews } = useChanges(pages);
  const types = useLoad(async (signal) => (await api.listProfileTypes({ count: 100 }, { signal })).data, []);
  const reload = () => {
    clearNews();
    pages.reload();
  };
  const isEmpty = pages.rows.length === 0 && !pages.isLoading && pages.error === undefined;
  return (
    <>
      <Title count={<Count pages={pages} />} actions={<Actions filters={filters} />}>
        {words.title}
      </Title>
      <Chips
        filters={filters}
        types={types.data?.profile_types.map(({ profile_type }) => profile_type) ?? []}
        onChange={change}
        onClear={clear}
      />
      <News count={news} onReload={reload} />
      {isEmpty ? (
        <Empty isFiltered={isFiltered(filters)} />
      ) : (
        <Rows
          label={words.title}
          pages={pages}
          columns={columns(words)}
          idOf={({ iccid }) => iccid}
          fresh={fresh}
          selecting={{
            selected,
            label: ({ iccid }) => words.select(iccid),
            labelAll: words.selectAll,
            onSelect: setSelected,
          }}
        />
      )}
      <Bulk
        selected={selected}
        rows={pages.rows}
        onNone={() => setSelected(new Set())}
        onDone={() => {
          setSelected(new Set());
          reload();
        }}
      />
    </>
  );
}

function columns(words: Words): Column<Profile>[] {
  return [
    {
      title: words.iccid,
      on: 'main',
      value: ({ iccid }) => iccid,
      cell: ({ iccid }) => (
        <Link href={`/profiles/${iccid}`}>
          <Digits value={iccid} />
        </Link>
      ),
    },
    { title: words.state, value: ({ state }) => state, cell: ({ state }) => <State state={state} /> },
    { title: words.phone, value: ({ msisdn }) => msisdn },
    { title: words.type, on: 'wide', value: ({ profile_type }) => profile_type },
    { title: words.name, on: 'wide', value: ({ profile_name }) => profile_name },
    {
      title: words.changed,
      value: ({ last_operation_at: at }) => at,
      cell: ({ last_operation_at: at }) => <Time at={at} />,
    },
  ];
}

function useProfiles(filters: Filters, address: string): Pages<Profile> {
  const api = useApi();
  return usePages<Profile>(
    async (cursor, signal): Promise<Page<Profile>> => {
      const query = toQuery(filters, Date.now());
      const counting =
        cursor === undefined && hasTotal(filters)
          ? api.listEUICCProfiles(
              { count: 1, ...(query.state !== undefined && { state: query.state }) },
              { signal },
            )
          : undefined;
      const page = api.listEUICCProfiles({ ...query, count: PAGE, cursor: cursor ?? '' }, { signal });
      const [{ data }, counted] = await Promise.all([page, counting]);
      return {
        rows: data.euicc_profiles,
        next: data.next_cursor,
        limited: data.search_limited === true,
        total: counted?.data.total,
      };
    },
    [address],
  );
}

/** Rows follow the events of their profiles. Other profiles that are new or have changed are counted only. */
function useChanges(pages: Pages<Profile>) {
  const api = useApi();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [news, setNews] = useState(0);
  useLive((events: readonly ProfileEvent[]) => {
    const changed = new Set(events.map(({ iccid }) => iccid));
    const shown = pages.rows.filter(({ iccid }) => changed.has(iccid)).map(({ iccid }) => iccid);
    const others = changed.size - shown.length;
    if (shown.length > MOST_CHANGES) return setNews((before) => before + changed.size);
    setNews((before) => before + others);
    for (const iccid of shown)
      api.getEUICCProfile(iccid).then(
        ({ data }) => {
          pages.change((rows) => rows.map((row) => (row.iccid === iccid ? data : row)));
          setFresh((before) => new Set([...before, iccid]));
        },
        () => setNews((before) => before + 1),
      );
  });
  return { fresh, news, clearNews: () => setNews(0) };
}

function Count({ pages }: { pages: Pages<Profile> }): ReactNode {
  const text = useText();
  const write = useNumber();
  const { rows, total } = pages;
  const shown = write(rows.length);
  return total === undefined ? text.count(shown) : text.countOf(shown, write(total));
}

function News({ count, onReload }: { count: number; onReload: () => void }) {
  const text = useText();
  const write = useNumber();
  return (
    <div role="status" className="news">
      {count > 0 && (
        <button type="button" className="plain" onClick={onReload}>
          {text.profiles.news(write(count))}
        </button>
      )}
    </div>
  );
}

function Actions({ filters }: { filters: Filters }) {
  const text = useText();
  const api = useApi();
  const mayOrder = useMay('order');
  const [isExporting, setIsExporting] = useState(false);
  const save = async () => {
    setIsExporting(true);
    try {
      const lines: string[] = [];
      const { sort, ...query } = toQuery(filters, Date.now());
      const request = { ...query, ...(sort !== undefined && { sort }), format: 'csv' as const };
      for await (const line of api.exportEUICCProfiles(request)) lines.push(`${line}\n`);
      saveFile('profiles.csv', lines);
    } finally {
      setIsExporting(false);
    }
  };
  return (
    <>
      {mayOrder && (
        <>
          <Link href="/order" className="button primary">
            {text.profiles.order}
          </Link>
          <Link href="/import" className="button">
            {text.profiles.import}
          </Link>
        </>
      )}
      <button type="button" title={text.exportHint} disabled={isExporting} onClick={save}>
        {isExporting ? text.loading : text.export}
      </button>
    </>
  );
}

function Empty({ isFiltered: hasFilters }: { isFiltered: boolean }) {
  const text = useText();
  const words = text.profiles;
  if (hasFilters) return <p className="empty">{words.emptyFiltered}</p>;
  return (
    <div className="empty">
      <h2>{words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
      <div className="actions">
        <Link href="/import" className="button primary">
          {words.import}
        </Link>
        <Link href="/types" className="button">
          {text.screens.types}
        </Link>
      </div>
    </div>
  );
}
