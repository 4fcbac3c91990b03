import type { EventStore } from '../../ports/events.ts';
import type { Connection } from './connection.ts';
import { createNews } from './news.ts';
import { createAnnouncer, startListening } from './notifications.ts';
import type { PostgresOptions } from './options.ts';

/** How readers in all processes learn of events soon after they were saved. */
export type EventNews = {
  /** Events, or deliveries, were committed: readers of this process look for them, and those of other processes too. */
  reportEvents(): void;
  /** The first one makes this process listen: commands that only write do not. */
  readonly watchEvents: EventStore['watchEvents'];
  /** Whether notifications of other processes come; undefined: no reader waits for any. */
  isListening(): boolean | undefined;
  close(): Promise<void>;
};

export function openEventNews(options: PostgresOptions, connection: Connection): EventNews {
  const news = createNews();
  const announcer = createAnnouncer(connection, news);
  let stopListening: (() => Promise<void>) | undefined;
  return {
    reportEvents: () => {
      news.report('this process');
      announcer.announce();
    },
    watchEvents: (reader) => {
      stopListening ??= startListening({ options, news, announcer });
      return news.watch(reader);
    },
    isListening: () => (stopListening === undefined ? undefined : news.isListening()),
    close: async () => {
      await stopListening?.();
      await announcer.finish();
    },
  };
}
