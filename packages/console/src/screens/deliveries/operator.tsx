import type { Operator } from '@esim-rsp/sdk';
import { useState } from 'react';
import { DeleteButton } from '../../parts/delete-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { DeliveryList } from './delivery-list.tsx';
import { OperatorForm, useOperatorChange } from './operator-form.tsx';
import { identityOf } from './operators.tsx';

/** An ES2+ operator: who it is, and the notifications that it gets. */
export function OperatorScreen({ params: { name } }: { params: { name: string } }) {
  const text = useText();
  const words = text.deliveries;
  const api = useApi();
  const isServerAdmin = useMay('server');
  const [isEdited, setIsEdited] = useState(false);
  const loaded = useLoad(
    async (signal) => (await api.listOperators({ signal })).data.operators.find((one) => one.name === name),
    [name],
  );
  const { data: operator } = loaded;
  const change = useOperatorChange(name, () => {
    setIsEdited(false);
    loaded.reload();
  });
  return (
    <>
      <Title
        name={name}
        actions={
          operator && (
            <>
              {isServerAdmin && (
                <button type="button" aria-expanded={isEdited} onClick={() => setIsEdited(!isEdited)}>
                  {words.change}
                </button>
              )}
              <DeleteButton
                title={words.deleteOperatorAsk}
                what={words.deleteOperatorWhat}
                remove={() => api.deleteOperator(name)}
                next="/deliveries"
              />
            </>
          )
        }
      >
        {words.operators}
      </Title>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {operator && <OperatorFacts operator={operator} />}
      {operator && isEdited && <OperatorForm operator={operator} onSave={change} />}
      <DeliveryList
        id={name}
        load={async (filter, signal) => (await api.listOperatorDeliveries(name, filter, { signal })).data}
        replay={(delivery) => api.replayOperatorDelivery(name, delivery)}
      />
    </>
  );
}

function OperatorFacts({ operator }: { operator: Operator }) {
  const words = useText().deliveries;
  const { progress } = operator;
  const notified =
    progress === undefined
      ? words.notNotified
      : `${progress.url} · ${words.styles[progress.style]}${progress.client_certificate ? ` · ${words.withCertificate}` : ''}`;
  const facts = [
    [words.identity, identityOf(operator)],
    [words.requesters, operator.requester_identifiers.join(', ')],
    [words.created, <Time key="created" at={operator.created_at} />],
    [words.notified, notified],
  ] as const;
  return <Facts facts={facts} />;
}
