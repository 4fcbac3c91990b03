import type { IncomingHttpHeaders } from 'node:http';
import type { InstallLinkStore } from '../store/ports/install/links.ts';

/** Programs that fetch links: scanners of mail, previews of messengers, search engines, tools. */
const PROGRAMS =
  /bot\b|bot\/|crawl|spider|preview|scan|proxy|fetch|monitor|facebookexternalhit|whatsapp|telegram|slack|discord|skype|embedly|quora|pinterest\/|vkshare|outbrain|ms-office|microsoft office|outlook|thunderbird|barracuda|mimecast|proofpoint|safelinks|ironport|symantec|trend ?micro|kaspersky|fireeye|virustotal|headless|phantom|curl|wget|httpie|python|java\/|go-http|okhttp|axios|node|ruby|perl|php|libwww|apache-httpclient|postman|insomnia/i;
/** Browsers that say for what they load a page, since years. */
const SAYS_PURPOSE = /(?:Chrome|Chromium|Firefox|Edg)\/(\d+)/;
const SINCE_VERSION = 90;

/**
 * Whether a person opens a page, and not a program that looks at links. A program that behaves as a browser in every respect is counted.
 * `isSecure`: browsers say their purpose on secure pages only.
 */
export function isPerson(headers: IncomingHttpHeaders, isSecure: boolean): boolean {
  const {
    'user-agent': agent = '',
    'sec-fetch-mode': mode,
    'sec-fetch-dest': destination,
    accept = '',
  } = headers;
  const purposes = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']].join(
    ' ',
  );
  if (/prefetch|preview|prerender/i.test(purposes)) return false;
  if (!agent.startsWith('Mozilla/') || PROGRAMS.test(agent.slice(0, 512))) return false;
  if (!accept.includes('text/html')) return false;
  if (mode !== undefined) return mode === 'navigate' && (destination ?? 'document') === 'document';
  const version = Number(SAYS_PURPOSE.exec(agent)?.[1] ?? 0);
  return !isSecure || version < SINCE_VERSION;
}

/** Collects in memory which pages were opened, so that a view writes nothing. */
export type LinkViews = {
  /** `now`: Unix milliseconds. */
  readonly record: (hash: string, now: number) => void;
  /** Stores the views that were collected since the last flush. */
  readonly flush: () => Promise<void>;
};

/** Views of more links at a time are not counted: the memory for them is bounded. */
const MOST_LINKS = 100_000;
/** Links in one transaction. */
const BATCH = 500;

export function collectLinkViews(store: Pick<InstallLinkStore, 'recordLinkViews'>): LinkViews {
  let collected = new Map<string, { views: number; at: number }>();
  return {
    record: (hash, now) => {
      const seen = collected.get(hash);
      if (seen === undefined) {
        if (collected.size < MOST_LINKS) collected.set(hash, { views: 1, at: now });
        return;
      }
      seen.views += 1;
      seen.at = now;
    },
    flush: async () => {
      const all = [...collected].map(([hash, seen]) => ({ hash, ...seen }));
      collected = new Map();
      for (let i = 0; i < all.length; i += BATCH) await store.recordLinkViews(all.slice(i, i + BATCH));
    },
  };
}
