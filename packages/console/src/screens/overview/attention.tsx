import type { OverviewResponse } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { useNumber } from '../../parts/numbers.ts';
import { Shape } from '../../parts/state.tsx';
import { relative } from '../../parts/time-words.ts';
import { useMay } from '../../session/session.ts';
import { useWords } from '../../text/text.ts';
import { countsSince } from './periods.ts';

const DAY = 86_400_000;
/** The share of downloads that usually fail; more need attention. */
const USUAL_SHARE = 0.2;

type Notice = { readonly text: string; readonly href: string };
type Facts = { readonly overview: OverviewResponse };

/** What fails, or will soon. */
export function Attention({ overview }: Facts) {
  const { text } = useWords();
  const notices = useNotices(overview);
  return (
    <section aria-label={text.overview.attention}>
      <h2>{text.overview.attention}</h2>
      {notices.length === 0 ? (
        <p className="muted">{text.overview.allWell}</p>
      ) : (
        <ul className="notices">
          {notices.map((notice) => (
            <li key={notice.text}>
              <Shape family="failed" />
              <Link href={notice.href}>{notice.text}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function useNotices({ downloads, types, late_deliveries, expiring }: OverviewResponse): Notice[] {
  const { text, language } = useWords();
  const words = text.overview;
  const write = useNumber();
  const mayRepair = useMay('admin');
  const now = new Date();
  const when = (at: string) => relative(new Date(at), now, language);
  const { all, failed } = countsSince(downloads, now.getTime() - DAY);
  return [
    ...(failed > all * USUAL_SHARE
      ? [{ text: words.failures(write(failed), write(all)), href: '/downloads?since=24h' }]
      : []),
    ...types
      .filter(({ is_low }) => is_low)
      .map(({ profile_type: type, states }) => ({
        text: words.stock(type, write(states.AVAILABLE ?? 0)),
        href: '/types',
      })),
    ...late_deliveries.map(({ kind, target, waiting, waiting_since: since, disabled }) => ({
      text: disabled
        ? words.disabled[kind](target)
        : since === undefined
          ? words.failing[kind](target)
          : words.late[kind](target, write(waiting), when(since)),
      href: mayRepair ? `/deliveries/${kind === 'webhook' ? target : `operators/${target}`}` : '/profiles',
    })),
    ...expiring.map(({ kind, name, expires_at: at }) => ({
      text: (Date.parse(at) < now.getTime() ? words.hasExpired : words.expires)[kind](name, when(at)),
      href: { certificate: '/server', upstream: '/upstreams', key: '/access' }[kind],
    })),
  ];
}
