import type { ImportRowError } from '@esim-rsp/sdk';
import type { Column } from '../../parts/column.tsx';
import { saveFile, toCsv } from '../../parts/csv.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { useText } from '../../text/text.ts';
import type { Import } from './use-import.ts';

/** How many failures are in the page; the file has all. */
const SHOWN = 100;

/** How far the import is, what it created, and what failed. */
export function Progress({ run, size }: { run: Import; size: number }) {
  const text = useText();
  const words = text.import;
  const write = useNumber();
  const { counts, summary, failures, warnings, seconds } = run;
  if (counts === undefined) return null;
  const isTrial = summary?.dry_run === true;
  const numbers = [
    [words.rows, counts.rows],
    [isTrial ? words.wouldCreate : words.created, counts.created],
    [words.exists, counts.exists],
    [words.failed, counts.failed],
    [words.rate, seconds > 0 ? Math.round(counts.rows / seconds) : 0],
  ] as const;
  return (
    <section aria-label={words.title}>
      {run.isBusy && <progress max={size} value={counts.bytes} aria-label={words.title} />}
      <dl className="numbers">
        {numbers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{write(value)}</dd>
          </div>
        ))}
      </dl>
      <p role="status">
        {summary !== undefined &&
          (summary.complete ? words.complete : words.incomplete(summary.message ?? ''))}
      </p>
      {warnings.length > 0 && (
        <>
          <h2>{words.warnings}</h2>
          <ul className="notices">
            {warnings.map(({ line, message }) => (
              <li key={`${line}${message}`}>
                {words.line} {line}: {message}
              </li>
            ))}
          </ul>
        </>
      )}
      {failures.length > 0 && <Failures failures={failures} />}
    </section>
  );
}

function Failures({ failures }: { failures: readonly ImportRowError[] }) {
  const text = useText();
  const words = text.import;
  const write = useNumber();
  const columns: Column<ImportRowError>[] = [
    { title: words.line, value: ({ line, entry }) => line ?? entry },
    { title: text.profiles.iccid, value: ({ iccid }) => iccid },
    { title: words.problem, value: ({ message }) => message },
  ];
  return (
    <>
      <div className="title">
        <h2>{words.failures}</h2>
        <div className="actions">
          <button type="button" title={words.saveFailedHint} onClick={() => saveFailed(failures)}>
            {words.saveFailed}
          </button>
        </div>
      </div>
      {failures.length > SHOWN && <p className="muted">{words.firstOnly(write(SHOWN))}</p>}
      <Table
        label={words.failures}
        rows={failures.slice(0, SHOWN)}
        columns={columns}
        idOf={({ line, entry, code }) => `${line}${entry}${code}`}
      />
    </>
  );
}

/** The rows as they came with the reason in front, to correct and send again; without them, a list of reasons. */
function saveFailed(failures: readonly ImportRowError[]): void {
  const columns = failures.find((failure) => failure.columns)?.columns;
  const rows = failures.map(({ line, entry, iccid, message, fields }) =>
    columns === undefined ? [line ?? entry, iccid, message] : [message, ...(fields ?? [])],
  );
  const titles = columns === undefined ? ['line', 'iccid', 'problem'] : ['import_error', ...columns];
  saveFile('failed-rows.csv', toCsv(titles, rows));
}
