import { useEffect, useState } from 'react';
import { useWords } from '../text/text.ts';
import { exact, relative } from './time-words.ts';

/** A relative time, with the exact one on hover and focus. `isExact` shows date and seconds, as timelines do. */
export function Time({ at, isExact = false }: { at: string | undefined; isExact?: boolean }) {
  const { language } = useWords();
  const now = useNow();
  if (at === undefined) return null;
  const date = new Date(at);
  const full = exact(date, language);
  const words = isExact
    ? date.toLocaleString(language, { dateStyle: 'short', timeStyle: 'medium' })
    : relative(date, now, language);
  return (
    <time dateTime={at} title={full}>
      {words}
    </time>
  );
}

/** The time of now, renewed every half minute. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
