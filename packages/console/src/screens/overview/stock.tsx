import type { OverviewType } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { useNumber } from '../../parts/numbers.ts';
import { useText } from '../../text/text.ts';

/** What can still be ordered of each type, with the limit of its alert as a line. */
export function Stock({ types, hasMore }: { types: readonly OverviewType[]; hasMore: boolean }) {
  const text = useText();
  const words = text.overview;
  const write = useNumber();
  const rows = types.map(({ template_free_numbers: free = 0, ...type }) => ({
    name: type.profile_type,
    left: (type.states.AVAILABLE ?? 0) + free,
    mark: type.low_stock_at,
    isLow: type.is_low,
  }));
  const most = Math.max(1, ...rows.map(({ left, mark = 0 }) => Math.max(left, 2 * mark)));
  return (
    <section className="chart">
      <h2>{words.stockTitle}</h2>
      {rows.length === 0 ? (
        <p className="muted">{words.stockNone}</p>
      ) : (
        <>
          <ol className="bars">
            {rows.map(({ name, left, mark, isLow }) => (
              <li key={name}>
                <Link href={`/profiles?type=${encodeURIComponent(name)}&state=AVAILABLE`}>{name}</Link>
                <span className="number">
                  {write(left)}{' '}
                  {mark !== undefined && <span className="muted">{words.mark(write(mark))}</span>}
                </span>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    className={`fill ${isLow ? 'failed' : 'stock'}`}
                    width={(100 * left) / most}
                    height="6"
                  />
                  {mark !== undefined && (
                    <rect className="low-mark" x={(100 * mark) / most} width="0.4" height="6" />
                  )}
                </svg>
              </li>
            ))}
          </ol>
          {rows.some(({ mark }) => mark !== undefined) && <p className="muted">{words.lowMark}</p>}
          {hasMore && <Link href="/types">{words.moreTypes}</Link>}
        </>
      )}
    </section>
  );
}
