import type { DownloadAttemptDetails, DownloadCheckOutcome } from '@esim-rsp/sdk';
import { type Family, Shape } from '../../parts/state.tsx';
import { useText } from '../../text/text.ts';

const FAMILY: Readonly<Record<DownloadCheckOutcome, Family>> = {
  passed: 'device',
  refused: 'failed',
  not_made: 'stock',
  not_reached: 'stock',
};

type Props = { readonly checks: DownloadAttemptDetails['calls'][number]['checks'] };

/** The checks of one call with their outcomes. */
export function Checks({ checks }: Props) {
  const words = useText().downloads;
  return (
    <ul className="checks">
      {checks.map(({ check, outcome }) => (
        <li key={check} className={outcome}>
          <Shape family={FAMILY[outcome]} />
          <span lang="en">{check}</span>
          <span className="muted">{words.check[outcome]}</span>
        </li>
      ))}
    </ul>
  );
}
