import { Link, Redirect, useSearchParams } from 'wouter';
import { Digits } from '../../parts/digits.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** Finds by any number, and by a MatchingID or an activation code. One hit opens its profile at once. */
export function SearchScreen() {
  const text = useText();
  const words = text.search;
  const api = useApi();
  const [address] = useSearchParams();
  const query = address.get('q') ?? '';
  const found = useLoad(async (signal) => (await api.search({ q: query }, { signal })).data, [query]);
  const { data, isLoading } = found;
  const hits = data?.results ?? [];
  const [first] = hits;
  if (hits.length === 1 && first !== undefined && !isLoading)
    return <Redirect to={`/profiles/${first.profile.iccid}`} replace />;
  return (
    <>
      <Title>{words.title}</Title>
      {isLoading && <p role="status">{text.loading}</p>}
      <Problem error={found.error} onRetry={found.reload} />
      {data !== undefined && hits.length === 0 && !isLoading && (
        <div className="empty">
          <p role="status">{words.nothing(query)}</p>
          <p className="muted">{words.advice}</p>
        </div>
      )}
      <ul className="hits">
        {hits.map(({ found_by, profile: { iccid, state, msisdn, profile_type } }) => (
          <li key={iccid}>
            <Link href={`/profiles/${iccid}`}>
              <Digits value={iccid} />
            </Link>
            <State state={state} />
            <span className="muted">
              {words.foundBy[found_by]} {msisdn} {profile_type}
            </span>
          </li>
        ))}
      </ul>
      {data?.more === true && !isLoading && <p className="muted">{words.more}</p>}
    </>
  );
}
