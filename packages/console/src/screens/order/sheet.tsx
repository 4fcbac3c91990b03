import { Digits } from '../../parts/digits.tsx';
import { drawQr } from '../../parts/qr.ts';
import { useText } from '../../text/text.ts';
import type { Codes } from './use-codes.ts';

type Props = { readonly iccids: readonly string[]; readonly codes: Codes; readonly onBack: () => void };

/** QR codes of many profiles, twelve on a page. */
export function Sheet({ iccids, codes, onBack }: Props) {
  const text = useText();
  const words = text.order;
  const { known } = codes;
  return (
    <section aria-label={words.sheetTitle}>
      <div className="title">
        <h2>{words.sheetTitle}</h2>
        <div className="actions">
          <button type="button" onClick={onBack}>
            {words.sheetBack}
          </button>
          <button type="button" className="primary" onClick={() => window.print()} disabled={codes.isBusy}>
            {words.sheetPrint}
          </button>
        </div>
      </div>
      <ul className="sheet">
        {iccids.map((iccid) => {
          const code = known.get(iccid);
          if (code === undefined) return null;
          return (
            <li key={iccid}>
              <img src={imageOf(code)} alt={`${text.profile.codeAlt} ${iccid}`} width="160" height="160" />
              <Digits value={iccid} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function imageOf(code: string): string {
  return `data:image/svg+xml,${encodeURIComponent(drawQr(code))}`;
}
