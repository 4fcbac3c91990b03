import type { FormEvent } from 'react';
import { Link } from 'wouter';
import { Digits } from '../../parts/digits.tsx';
import { Optional } from '../../parts/form.tsx';
import { useNumber } from '../../parts/numbers.ts';
import { useText } from '../../text/text.ts';
import type { Request } from './use-orders.ts';

const MOST = 250;

/** A type, and where an order of it gets its profile. */
export type OfType = { readonly name: string; readonly available: number; readonly hasTemplate: boolean };

type Props = {
  readonly iccid: string | undefined;
  readonly types: readonly OfType[] | undefined;
  readonly type: string | undefined;
  readonly onOrder: (request: Request) => void;
};

/** An order of this profile, or of profiles of a type. */
export function OrderForm({ iccid, types, type, onOrder }: Props) {
  const text = useText();
  const words = text.order;
  const write = useNumber();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onOrder(readRequest(new FormData(event.currentTarget), iccid));
  };
  if (iccid === undefined && types?.length === 0)
    return (
      <div className="empty">
        <p>{words.typeNone}</p>
        <Link href="/types" className="button">
          {text.screens.types}
        </Link>
      </div>
    );
  const ready = types?.find(({ available, hasTemplate }) => available > 0 || hasTemplate) ?? types?.[0];
  return (
    <form className="form" onSubmit={submit}>
      {iccid === undefined ? (
        <div className="columns">
          <label>
            {words.type}
            <select name="type" required defaultValue={type ?? ready?.name} key={ready?.name}>
              {types?.map(({ name, available, hasTemplate }) => (
                <option key={name} value={name}>
                  {(hasTemplate ? words.typeTemplate : words.typeStock)(name, write(available))}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.count}
            <input name="count" type="number" min="1" max={MOST} defaultValue="1" required />
            <span className="muted">{words.countHint(write(MOST))}</span>
          </label>
        </div>
      ) : (
        <p>
          {words.iccid} <Digits value={iccid} />
        </p>
      )}
      <label>
        <Optional name={words.eid} />
        <input name="eid" inputMode="numeric" pattern="[0-9 ]{32,40}" autoComplete="off" />
        <span className="muted">{words.eidHint}</span>
      </label>
      <div className="columns">
        <label>
          <Optional name={words.confirmationCode} />
          <input name="confirmation" autoComplete="off" />
          <span className="muted">{words.confirmationHint}</span>
        </label>
        <label>
          <Optional name={words.expires} />
          <input name="expires" type="date" />
        </label>
      </div>
      <div className="actions">
        <button type="submit" className="primary">
          {words.submit}
        </button>
      </div>
    </form>
  );
}

function readRequest(form: FormData, iccid: string | undefined): Request {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const eid = field('eid').replaceAll(' ', '');
  const [confirmation, expires] = [field('confirmation'), field('expires')];
  return {
    iccid,
    type: field('type') || undefined,
    count: iccid === undefined ? Number(field('count')) : 1,
    terms: {
      ...(eid !== '' && { eid }),
      ...(confirmation !== '' && { confirmation_code: confirmation }),
      ...(expires !== '' && { expires_at: new Date(`${expires}T23:59:59`).toISOString() }),
    },
  };
}
