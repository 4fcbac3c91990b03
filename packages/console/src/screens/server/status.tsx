import type { CertificateStatus } from '@esim-rsp/sdk';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { useLoad } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { type Family, Mark } from '../../parts/state.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { useApi } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';

const SOON = 30;

/** How the server is, and its certificates with the days that are left. */
export function Status() {
  const words = useText().server;
  const api = useApi();
  const write = useNumber();
  const loaded = useLoad(async (signal) => (await api.getStatus({ signal })).data, []);
  const { data: status } = loaded;
  const shown = columns(words);
  return (
    <>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {status !== undefined && (
        <>
          <p>
            <Mark family="device">{words.works}</Mark>
          </p>
          <dl className="facts">
            <Fact name={words.version} value={status.version} />
            <Fact name={words.address} value={status.smdp_address} />
            <Fact name={words.sgp22} value={status.sgp22_version} />
            <Fact name={words.lost} value={write(status.log_lines_dropped)} />
            <Fact name={words.unreadable} value={write(status.unreadable_rows)} />
          </dl>
          <div className="title">
            <h2>{words.certificates}</h2>
            <div className="actions">
              <ExportButton name="certificates" columns={shown} rows={status.certificates} />
            </div>
          </div>
          <Table
            label={words.certificates}
            rows={status.certificates}
            columns={shown}
            idOf={({ role, subject, curve }) => `${role}${subject}${curve}`}
          />
        </>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function columns(words: Text['server']): Column<CertificateStatus>[] {
  return [
    { title: words.roleTitle, value: ({ role }) => words.role[role] },
    { title: words.subject, value: ({ subject }) => subject },
    { title: words.curve, on: 'wide', value: ({ curve }) => curve },
    {
      title: words.ends,
      value: ({ expires_at }) => expires_at,
      cell: ({ expires_at }) => <Time at={expires_at} />,
    },
    {
      title: words.daysLeft,
      align: 'end',
      value: ({ days_left }) => days_left,
      cell: ({ days_left }) => (
        <Mark family={familyOfDays(days_left)}>{days_left < 0 ? words.ended : String(days_left)}</Mark>
      ),
    },
  ];
}

function familyOfDays(days: number): Family {
  if (days < 0) return 'failed';
  return days < SOON ? 'moving' : 'device';
}
