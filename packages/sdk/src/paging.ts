import type { ApiResponse } from './errors.ts';

/** A page of a list. `for await` iterates over its items, and over those of all pages after it. */
export interface ListPromise<Page, Item> extends Promise<ApiResponse<Page>>, AsyncIterable<Item> {}

/**
 * Adds iteration to the promise of a page; `next` requests the page at a cursor. A page may be empty although others follow,
 * because the server ends a long search.
 */
export function iterable<Page extends object>(
  first: Promise<ApiResponse<Page>>,
  next: (cursor: string) => Promise<ApiResponse<Page>>,
): ListPromise<Page, unknown> {
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      for (let page = first; ; ) {
        const { data } = await page;
        yield* Object.values(data).find(Array.isArray) ?? [];
        const { next_cursor, more } = data as { next_cursor?: string; more?: boolean };
        if (next_cursor === undefined || more === false) return;
        page = next(next_cursor);
      }
    },
  });
}
