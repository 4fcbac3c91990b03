import type { Operator } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Table } from '../../parts/table.tsx';
import { useApi, useMay } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';
import { OperatorForm } from './operator-form.tsx';

/** The operators that may order over ES2+ for the account. */
export function Operators() {
  const text = useText();
  const words = text.deliveries;
  const api = useApi();
  const isServerAdmin = useMay('server');
  const [isNew, setIsNew] = useState(false);
  const loaded = useLoad(async (signal) => (await api.listOperators({ signal })).data.operators, []);
  const { data: rows } = loaded;
  const shown = columns(words);
  return (
    <section>
      <div className="title">
        <h2>{words.operators}</h2>
        <div className="actions">
          {isServerAdmin && (
            <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
              {words.newOperator}
            </button>
          )}
          <ExportButton name="operators" columns={shown} rows={rows ?? []} />
        </div>
      </div>
      {!isServerAdmin && <p className="muted">{words.operatorsByServer}</p>}
      {isNew && (
        <OperatorForm
          onSave={async (settings, name) => {
            await api.createOperator({ ...settings, name });
            setIsNew(false);
            loaded.reload();
          }}
        />
      )}
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {rows?.length === 0 && !isNew && <p className="empty">{words.operatorsEmpty}</p>}
      {rows !== undefined && rows.length > 0 && (
        <Table label={words.operators} rows={rows} columns={shown} idOf={({ name }) => name} />
      )}
    </section>
  );
}

function columns(words: Text['deliveries']): Column<Operator>[] {
  return [
    {
      title: words.operatorName,
      value: ({ name }) => name,
      cell: ({ name }) => <Link href={`/deliveries/operators/${encodeURIComponent(name)}`}>{name}</Link>,
    },
    { title: words.requesters, value: (operator) => operator.requester_identifiers.join(', ') },
    { title: words.identity, value: identityOf },
    { title: words.notified, value: ({ progress }) => progress?.url ?? words.notNotified },
  ];
}

/** Who the operator is: the CA, or the certificate. */
export function identityOf({ ca_subject, ca_sha256 = '', certificate_sha256 = '' }: Operator): string {
  return ca_subject === undefined
    ? `SHA-256 ${certificate_sha256.slice(0, 16)}…`
    : `${ca_subject}, SHA-256 ${ca_sha256.slice(0, 16)}…`;
}
