import type { Webhook } from '@esim-rsp/sdk';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { Confirm } from '../../parts/dialog.tsx';
import { useLoad } from '../../parts/load.ts';
import { Once } from '../../parts/once.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { WebhookState } from './deliveries.tsx';
import { DeliveryList } from './delivery-list.tsx';

/** One webhook with its deliveries. */
export function WebhookScreen({ params: { id } }: { params: { id: string } }) {
  const text = useText();
  const api = useApi();
  const loaded = useLoad(async (signal) => (await api.getWebhook(id, { signal })).data, [id]);
  const { data: webhook } = loaded;
  return (
    <>
      <Title
        name={webhook?.url}
        count={webhook && <WebhookState webhook={webhook} />}
        actions={webhook && <Actions webhook={webhook} onChange={loaded.reload} />}
      >
        {text.deliveries.title}
      </Title>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      <DeliveryList
        id={id}
        load={async (filter, signal) => (await api.listWebhookDeliveries(id, filter, { signal })).data}
        replay={(delivery) => api.replayWebhookDelivery(id, delivery)}
      />
    </>
  );
}

type Asked = 'rotate' | 'delete';

function Actions({ webhook, onChange }: { webhook: Webhook; onChange: () => void }) {
  const text = useText();
  const words = text.deliveries;
  const api = useApi();
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<Asked>();
  const [secret, setSecret] = useState<string>();
  const [isTested, setIsTested] = useState(false);
  const [error, setError] = useState<unknown>();
  const { id, disabled } = webhook;
  const run = (call: Promise<unknown>, then: () => void) => {
    setError(undefined);
    call.then(then, setError);
  };
  const confirm = () => {
    setAsked(undefined);
    if (asked === 'delete') run(api.deleteWebhook(id), () => navigate('/deliveries'));
    else api.rotateWebhookSecret(id).then(({ data }) => setSecret(data.secret), setError);
  };
  return (
    <>
      <button type="button" onClick={() => run(api.testWebhook(id), () => setIsTested(true))}>
        {words.test}
      </button>
      <button type="button" onClick={() => run(api.updateWebhook(id, { disabled: !disabled }), onChange)}>
        {disabled ? words.enable : words.disable}
      </button>
      <button type="button" onClick={() => setAsked('rotate')}>
        {words.rotate}
      </button>
      <button type="button" onClick={() => setAsked('delete')}>
        {text.delete}
      </button>
      {isTested && <span role="status">{words.tested}</span>}
      {secret !== undefined && <Once name={words.secret} value={secret} />}
      <Problem error={error} />
      {asked !== undefined && (
        <Confirm
          title={asked === 'delete' ? words.deleteAsk : words.rotateAsk}
          action={asked === 'delete' ? text.delete : words.rotate}
          onClose={() => setAsked(undefined)}
          onAction={confirm}
        >
          <p>{asked === 'delete' ? words.deleteWhat : words.rotateWhat}</p>
        </Confirm>
      )}
    </>
  );
}
