import type { ProfileTemplate, ProfileType } from '@esim-rsp/sdk';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useLoad } from '../../parts/load.ts';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { GenerateForm } from './generate.tsx';
import { type OfType, OrderForm } from './order-form.tsx';
import { Result } from './result.tsx';
import { type Ordered, useOrders } from './use-orders.ts';

type Way = 'type' | 'iccid' | 'generate';

/** Orders profiles of a type or one profile, or generates new ones. The result is a table, a file and a sheet of QR codes. */
export function OrderScreen() {
  const text = useText();
  const words = text.order;
  const api = useApi();
  const [address] = useSearchParams();
  const iccid = address.get('iccid') ?? undefined;
  const [way, setWay] = useState<Way>(iccid === undefined ? 'type' : 'iccid');
  const orders = useOrders();
  const [generated, setGenerated] = useState<readonly Ordered[]>();
  const types = useLoad(async (signal) => {
    const [known, templates] = await Promise.all([
      api.listProfileTypes({ count: 1000 }, { signal }),
      api.listProfileTemplates({ signal }),
    ]);
    return typesIn(known.data.profile_types, templates.data.profile_templates);
  }, []);
  const ways: readonly Way[] = iccid === undefined ? ['type', 'generate'] : ['iccid', 'type', 'generate'];
  const title = { type: words.oneOf, iccid: words.thisOne, generate: words.generate };
  const results = generated ?? orders.results;
  return (
    <>
      <Title>{words.title}</Title>
      {results !== undefined ? (
        <Result
          results={results}
          orders={orders}
          isGenerated={generated !== undefined}
          onAgain={() => {
            setGenerated(undefined);
            orders.clear();
          }}
        />
      ) : (
        <>
          <fieldset className="segments">
            <legend className="hidden">{words.what}</legend>
            {ways.map((one) => (
              <label key={one}>
                <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
                {title[one]}
              </label>
            ))}
          </fieldset>
          {way === 'generate' ? (
            <GenerateForm onDone={setGenerated} />
          ) : (
            <OrderForm
              iccid={way === 'iccid' ? iccid : undefined}
              types={types.data}
              type={address.get('type') ?? undefined}
              onOrder={orders.start}
            />
          )}
        </>
      )}
    </>
  );
}

/** All types by name: those that have profiles, and those that a template can create. */
function typesIn(known: readonly ProfileType[], templates: readonly ProfileTemplate[]): readonly OfType[] {
  const types = new Map<string, OfType>();
  for (const { profile_type: name, states } of known)
    types.set(name, { name, available: states.AVAILABLE ?? 0, hasTemplate: false });
  for (const { profile_type: name } of templates)
    types.set(name, { name, available: types.get(name)?.available ?? 0, hasTemplate: true });
  return [...types.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
