import type { Brand, UpdateBrandRequest } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { BrandFields } from './brand-fields.tsx';
import { PagePreview } from './page-preview.tsx';

/** Name, logo, colour and contacts, next to the page as a customer would see it with them. */
export function Look() {
  const text = useText();
  const api = useApi();
  const loaded = useLoad(async (signal) => (await api.getBrand({ signal })).data, []);
  const { data: brand } = loaded;
  if (brand === undefined)
    return loaded.isLoading ? (
      <p>{text.loading}</p>
    ) : (
      <Problem error={loaded.error} onRetry={loaded.reload} />
    );
  return <Editor brand={brand} onSaved={loaded.reload} />;
}

function Editor({ brand, onSaved }: { brand: Brand; onSaved: () => void }) {
  const text = useText();
  const words = text.brand;
  const api = useApi();
  const [changes, setChanges] = useState<UpdateBrandRequest>({});
  const [turn, setTurn] = useState(0);
  const [error, setError] = useState<unknown>();
  const [isSaved, setIsSaved] = useState(false);
  const hasChanges = Object.keys(changes).length > 0;
  const begin = (next: UpdateBrandRequest) => {
    setIsSaved(false);
    setError(undefined);
    setChanges(next);
  };
  const forget = () => {
    begin({});
    setTurn(turn + 1);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    api.updateBrand(changes).then(() => {
      forget();
      setIsSaved(true);
      onSaved();
    }, setError);
  };
  return (
    <div className="with-preview">
      <form className="form" onSubmit={submit}>
        <p className="muted">{words.lookWhat}</p>
        <BrandFields
          key={turn}
          brand={brand}
          changes={changes}
          onChange={(one) => begin({ ...changes, ...one })}
        />
        <Problem error={error} />
        <div className="actions">
          <button type="submit" className="primary" disabled={!hasChanges}>
            {text.save}
          </button>
          <button type="button" disabled={!hasChanges} onClick={forget}>
            {words.forget}
          </button>
          <span role="status">{isSaved && words.saved}</span>
        </div>
      </form>
      <PagePreview changes={changes} saved={brand} />
    </div>
  );
}
