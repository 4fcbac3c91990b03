import type { CreateSessionRequest, ESIMRSPApi } from '@esim-rsp/sdk';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useLoad } from '../parts/load.ts';
import { Problem } from '../parts/problem.tsx';
import type { Text } from '../text/en.ts';
import { useText } from '../text/text.ts';
import { askForPasskey, hasPasskeys } from './passkeys.ts';

export type SignInCall = (credentials: CreateSessionRequest) => Promise<void>;
type Props = {
  readonly api: ESIMRSPApi;
  readonly signIn: SignInCall;
  readonly hasEnded: boolean;
  readonly hasSignedOut: boolean;
  /** Why the OpenID provider did not sign in. */
  readonly refusal: string | undefined;
  readonly children: ReactNode;
};

const WAYS = ['person', 'key'] as const;
type Way = (typeof WAYS)[number];

/** The page for those who are not signed in: as a person, or with a key of an account. */
export function SignIn({ api, signIn, hasEnded, hasSignedOut, refusal, children }: Props) {
  const text = useText();
  const { data: options } = useLoad(async (signal) => (await api.getSignInOptions({ signal })).data, [api]);
  const [way, setWay] = useState<Way>('person');
  return (
    <main className="alone">
      <h1>
        {text.product} <span className="muted">{text.signIn.title}</span>
      </h1>
      {hasEnded && <p role="status">{text.signIn.ended}</p>}
      {refusal !== undefined && (
        <p className="problem" role="alert">
          {reasonIn(text.openid.refused, refusal)}
        </p>
      )}
      {children}
      <fieldset className="segments">
        <legend className="hidden">{text.signIn.how}</legend>
        {WAYS.map((one) => (
          <label key={one}>
            <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
            {text.signIn.ways[one]}
          </label>
        ))}
      </fieldset>
      <SignInForm key={way} signIn={signIn} credentialsIn={way === 'person' ? personIn : keyIn}>
        {way === 'person' ? <PersonFields /> : <KeyFields />}
      </SignInForm>
      {way === 'person' && (
        <div className="form">
          {options?.passkeys && hasPasskeys && <PasskeyButton api={api} signIn={signIn} />}
          {options?.openid && (
            <a className="button" href={options.openid.path}>
              {text.openid.signIn(options.openid.name)}
            </a>
          )}
          {options?.openid && (hasSignedOut || refusal !== undefined) && (
            <a href={options.openid.sign_out_path}>
              {hasSignedOut
                ? text.openid.signOut(options.openid.name)
                : text.openid.changeUser(options.openid.name)}
            </a>
          )}
        </div>
      )}
    </main>
  );
}

function PasskeyButton({ api, signIn }: { api: ESIMRSPApi; signIn: SignInCall }) {
  const words = useText().passkeys;
  const [isDeclined, setIsDeclined] = useState(false);
  const [error, setError] = useState<unknown>();
  const enter = async () => {
    setError(undefined);
    setIsDeclined(false);
    const passkey = await askForPasskey(api);
    if (passkey === undefined) setIsDeclined(true);
    else await signIn({ passkey });
  };
  return (
    <>
      <button type="button" onClick={() => enter().catch(setError)}>
        {words.signIn}
      </button>
      {isDeclined && <p role="status">{words.declined}</p>}
      <Problem error={error} />
    </>
  );
}

type FormProps = {
  readonly signIn: SignInCall;
  readonly credentialsIn: (form: FormData) => CreateSessionRequest;
  readonly children: ReactNode;
};

function SignInForm({ signIn, credentialsIn, children }: FormProps) {
  const text = useText();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setIsBusy(true);
    setError(undefined);
    signIn(credentialsIn(new FormData(event.currentTarget))).catch((problem: unknown) => {
      setError(problem);
      setIsBusy(false);
    });
  };
  return (
    <form onSubmit={submit} className="form">
      {children}
      <Problem error={error} />
      <button type="submit" className="primary" disabled={isBusy}>
        {isBusy ? text.signIn.busy : text.signIn.submit}
      </button>
    </form>
  );
}

function reasonIn(reasons: Text['openid']['refused'], refusal: string): string {
  return Object.hasOwn(reasons, refusal)
    ? reasons[refusal as keyof typeof reasons]
    : reasons.provider_refused;
}

function PersonFields() {
  const text = useText();
  return (
    <>
      <label>
        {text.signIn.email}
        <input name="email" type="email" required autoComplete="username" spellCheck={false} />
      </label>
      <label>
        {text.signIn.password}
        <input name="password" type="password" required autoComplete="current-password" />
      </label>
      <p className="muted">{text.signIn.personHint}</p>
    </>
  );
}

function KeyFields() {
  const text = useText();
  return (
    <>
      <label>
        {text.signIn.account}
        <input name="account" required autoComplete="username" spellCheck={false} />
      </label>
      <label>
        {text.signIn.key}
        <input name="key" type="password" required autoComplete="current-password" />
      </label>
      <p className="muted">{text.signIn.keyHint}</p>
    </>
  );
}

function personIn(form: FormData): CreateSessionRequest {
  return { email: String(form.get('email')).trim(), password: String(form.get('password')) };
}

function keyIn(form: FormData): CreateSessionRequest {
  return { account_id: String(form.get('account')).trim(), api_key: String(form.get('key')).trim() };
}

/** The page of a one-time link, which signs in by itself. */
export function Enter(props: { ticket: string; signIn: SignInCall; onOther: () => void }) {
  const { ticket, signIn, onOther } = props;
  const text = useText();
  const [error, setError] = useState<unknown>();
  const isSent = useRef(false);
  useEffect(() => {
    if (isSent.current) return;
    isSent.current = true;
    signIn({ ticket }).catch(setError);
  }, [ticket, signIn]);
  return (
    <main className="alone">
      <h1>{text.product}</h1>
      {error === undefined ? (
        <p role="status">{text.signIn.link}</p>
      ) : (
        <>
          <p>
            {text.signIn.linkFailed} {text.signIn.linkAdvice}
          </p>
          <Problem error={error} />
          <button type="button" onClick={onOther}>
            {text.signIn.title}
          </button>
        </>
      )}
    </main>
  );
}
