import type { PutMailTemplateRequest } from '@esim-rsp/sdk';
import { Problem } from '../../../parts/problem.tsx';
import { drawQr } from '../../../parts/qr.ts';
import { useApi } from '../../../session/session.ts';
import { useText } from '../../../text/text.ts';
import { DocumentFrame } from '../document-frame.tsx';
import { usePreview } from '../use-preview.ts';

/** The address of the picture that is part of the mail. */
const PICTURE = 'cid:qr-code';
const EXAMPLE = 'https://esim.example.com/i/Zm9yIGFuIGV4YW1wbGUgb25seSwg';
const picture = `data:image/svg+xml;base64,${btoa(drawQr(EXAMPLE))}`;

/** The mail with example values, as a program for mail shows it. */
export function MailPreview({ language, mail }: { language: string; mail: PutMailTemplateRequest }) {
  const text = useText();
  const words = text.brand;
  const api = useApi();
  const { shown, error } = usePreview(
    { language, mail },
    async (request, signal) =>
      (await api.previewMailTemplate('install_link', request.language, request.mail, { signal })).data,
  );
  return (
    <section className="preview" aria-label={words.preview}>
      <Problem error={error} />
      {shown === undefined ? (
        <p>{text.loading}</p>
      ) : (
        <>
          <p>
            <span className="muted">{words.subject}:</span> <strong>{shown.subject}</strong>
          </p>
          {shown.html !== undefined && mail.html !== undefined && (
            <DocumentFrame html={shown.html.replaceAll(PICTURE, picture)} title={words.html} />
          )}
          <h2>{words.plain}</h2>
          <pre>{shown.text}</pre>
        </>
      )}
    </section>
  );
}
