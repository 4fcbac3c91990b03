import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { saveFile, toCsv } from '../../parts/csv.ts';
import { Digits } from '../../parts/digits.tsx';
import { useNumber } from '../../parts/numbers.ts';
import { State } from '../../parts/state.tsx';
import { Table } from '../../parts/table.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { OperationState } from '../operations/operation-state.tsx';
import { ReadCodes } from './read-codes.tsx';
import { Sheet } from './sheet.tsx';
import { useCodes } from './use-codes.ts';
import type { Ordered, Orders } from './use-orders.ts';

type Props = {
  readonly results: readonly Ordered[];
  readonly orders: Orders;
  readonly isGenerated: boolean;
  readonly onAgain: () => void;
};

/** What was ordered or generated: a table, a file, and a sheet of QR codes to print. */
export function Result({ results, orders, isGenerated, onAgain }: Props) {
  const text = useText();
  const words = text.order;
  const write = useNumber();
  const mayReadCodes = useMay('reveal');
  const codes = useCodes();
  const [isSheet, setIsSheet] = useState(false);
  const good = results.filter(({ error }) => error === undefined);
  const bad = results.filter(({ error }) => error !== undefined);
  const waiting = good.flatMap(({ iccid, state }) =>
    iccid !== undefined && state === 'RELEASED' ? [iccid] : [],
  );
  const shown = useColumns(codes.known);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const summary = orders.isBusy
    ? words.working(write(results.length), write(orders.all))
    : `${isGenerated ? words.generated(write(good.length)) : words.results(write(good.length))}${bad.length > 0 ? `, ${words.failed(write(bad.length))}` : ''}`;
  const reading = <ReadCodes codes={codes} iccids={waiting} />;
  if (isSheet)
    return (
      <>
        <Sheet iccids={waiting} codes={codes} onBack={() => setIsSheet(false)} />
        {reading}
      </>
    );
  const openSheet = () => {
    setIsSheet(true);
    void codes.read(waiting);
  };
  return (
    <>
      <div className="title">
        <h2 ref={heading} tabIndex={-1}>
          {summary}
        </h2>
        <p role="status" className="hidden">
          {summary}
        </p>
        <div className="actions">
          {orders.isBusy ? (
            <button type="button" onClick={orders.stop}>
              {words.stop}
            </button>
          ) : (
            <>
              <ExportButton name="orders" columns={shown} rows={good} />
              {mayReadCodes && waiting.length > 0 && (
                <button type="button" onClick={openSheet}>
                  {words.sheet}
                </button>
              )}
              <button type="button" onClick={onAgain}>
                {words.again}
              </button>
            </>
          )}
        </div>
      </div>
      {orders.isBusy && <progress max={orders.all} value={results.length} aria-label={words.title} />}
      <Keys results={good} />
      {mayReadCodes && !orders.isBusy && waiting.length > 0 && reading}
      {bad.map(({ key, error }) => (
        <div key={key} className="problem" role="alert">
          {error}
        </div>
      ))}
      {good.length > 0 && <Table label={words.title} rows={good} columns={shown} idOf={({ key }) => key} />}
    </>
  );
}

function useColumns(codes: ReadonlyMap<string, string>): Column<Ordered>[] {
  const text = useText();
  const { iccid, state, phone } = text.profiles;
  return [
    {
      title: iccid,
      value: (row) => row.iccid,
      cell: (row) =>
        row.iccid && (
          <Link href={`/profiles/${row.iccid}`}>
            <Digits value={row.iccid} />
          </Link>
        ),
    },
    {
      title: state,
      value: (row) => row.state,
      cell: ({ state: now, pending }) =>
        pending === undefined ? (
          now && <State state={now} />
        ) : (
          <>
            <OperationState state={pending.state} />{' '}
            <Link href={`/operations/${pending.id}`}>{text.operations.pendingShow}</Link>
          </>
        ),
    },
    { title: phone, on: 'wide', value: ({ msisdn }) => msisdn },
    ...(codes.size === 0
      ? []
      : [
          {
            title: text.order.code,
            value: (row: Ordered) => codes.get(row.iccid ?? ''),
            cell: (row: Ordered) => <code>{codes.get(row.iccid ?? '')}</code>,
          },
        ]),
  ];
}

/** The keys of new profiles: the server shows them once. */
function Keys({ results }: { results: readonly Ordered[] }) {
  const text = useText();
  const words = text.order;
  const subscriptions = results.flatMap(({ subscription }) =>
    subscription === undefined ? [] : [subscription],
  );
  const [first] = subscriptions;
  if (first === undefined) return null;
  const titles = Object.keys(first);
  const rows = subscriptions.map((subscription) =>
    titles.map((title) => subscription[title as keyof typeof subscription]),
  );
  return (
    <div className="notice">
      <p>{words.secretsOnce}</p>
      <button
        type="button"
        className="primary"
        onClick={() => saveFile('subscriptions.csv', toCsv(titles, rows))}
      >
        {words.saveKeys}
      </button>
    </div>
  );
}
