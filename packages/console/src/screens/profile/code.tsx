import type { GetEUICCProfileResponse, ReadActivationCodeResponse } from '@esim-rsp/sdk';
import { useEffect, useState } from 'react';
import { Copy } from '../../parts/copy.tsx';
import { Problem } from '../../parts/problem.tsx';
import { drawQr } from '../../parts/qr.ts';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { SendLink } from './send-link.tsx';

type Shown = { readonly code: ReadActivationCodeResponse; readonly image: string };

/** Milliseconds after which the code is hidden again. */
const HIDE_AFTER = 120_000;

/** The QR code and the links of the profile, hidden until somebody asks: the server records each call. */
export function Code({ profile, onLink }: { profile: GetEUICCProfileResponse; onLink: () => void }) {
  const text = useText();
  const words = text.profile;
  const mayRead = useMay('reveal');
  const { shown, error, isBusy, show, hide } = useCode(profile);
  const isWaiting = profile.state === 'RELEASED';
  return (
    <section className="code" aria-label={words.code}>
      <h2>{words.code}</h2>
      {!isWaiting ? (
        <p className="muted">{words.codeNone}</p>
      ) : profile.matching_id === '' ? (
        <p className="muted">{words.codeByEid}</p>
      ) : !mayRead ? (
        <p className="muted">{words.codeForbidden}</p>
      ) : shown === undefined ? (
        <>
          <div className="qr covered" aria-hidden="true" />
          <p className="muted">{words.codeHidden}</p>
          <button type="button" onClick={show} disabled={isBusy}>
            {isBusy ? text.loading : words.codeShow}
          </button>
        </>
      ) : (
        <CodeShown {...shown} onHide={hide} />
      )}
      <Problem error={error} />
      {isWaiting && mayRead && (
        <SendLink key={profile.released_at} iccid={profile.iccid} onCreated={onLink} />
      )}
    </section>
  );
}

function CodeShown({ code, image, onHide }: Shown & { onHide: () => void }) {
  const words = useText().profile;
  return (
    <>
      <img className="qr" src={image} alt={words.codeAlt} width="192" height="192" />
      <code className="lpa">{code.activation_code}</code>
      <div className="actions">
        <Copy value={code.activation_code} label={words.codeCopy} />
        <button type="button" className="small" onClick={() => window.print()}>
          {words.codePrint}
        </button>
        <button type="button" className="small" onClick={onHide}>
          {words.codeHide}
        </button>
      </div>
    </>
  );
}

function useCode(profile: GetEUICCProfileResponse) {
  const { iccid } = profile;
  const api = useApi();
  const [shown, setShown] = useState<Shown>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the profile has changed, so it may have another code.
  useEffect(() => setShown(undefined), [profile]);
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => setShown(undefined), HIDE_AFTER);
    return () => {
      clearTimeout(timer);
      URL.revokeObjectURL(shown.image);
    };
  }, [shown]);
  const show = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const { data: code } = await api.readActivationCode(iccid);
      const drawing = new Blob([drawQr(code.activation_code)], { type: 'image/svg+xml' });
      setShown({ code, image: URL.createObjectURL(drawing) });
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return { shown, error, isBusy, show, hide: () => setShown(undefined) };
}
