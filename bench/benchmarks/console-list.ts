import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildIfStale } from '../../packages/console/build.ts';
import { isQuick, scaled } from '../scale.ts';
import { ACCOUNT, seededFolder } from '../seed.ts';
import { API_KEY, startBenchServer } from '../server.ts';
import { type Benchmark, median } from '../table.ts';

const MANY = scaled(1_000_000);
const PAGES = isQuick ? 3 : 40;
/** Milliseconds from a scroll to the end of what is loaded until rows of the next page are painted. */
const TARGET = 150;
const OVERVIEW_TARGET = 500;
const CHROMIUM = '/usr/bin/chromium';

const lists = [
  { name: 'console: next page of 1,000,000', query: '' },
  { name: 'console: next page in a state', query: '?state=RELEASED' },
  { name: 'console: next page, changed last', query: '?sort=-last_operation_date' },
  { name: 'console: next page by IMSI', query: '?text=001010000' },
];

/** The list of profiles in Chromium, scrolled page by page, and its overview, with a million stored profiles. */
export async function measure(): Promise<Benchmark[]> {
  await buildIfStale();
  await using server = await startBenchServer(await seededFolder(MANY));
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  try {
    const context = await browser.newContext({
      baseURL: server.restUrl,
      viewport: { width: 1440, height: 900 },
    });
    await signIn(context);
    const page = await context.newPage();
    const benchmarks: Benchmark[] = [];
    for (const { name, query } of lists) benchmarks.push(rowOf(name, await scrollThrough(page, query)));
    benchmarks.push(rowOf('console: overview of 1,000,000', await openOverview(page), OVERVIEW_TARGET));
    return benchmarks;
  } finally {
    await browser.close();
  }
}

async function signIn(context: BrowserContext): Promise<void> {
  const answer = await context.request.post('/api/v1/esim/session', {
    data: { account_id: ACCOUNT, api_key: API_KEY },
  });
  if (answer.status() !== 201) throw new Error(`the session was refused: ${await answer.text()}`);
}

/** The milliseconds of each page. */
async function scrollThrough(page: Page, query: string): Promise<number[]> {
  await page.goto(`/console/profiles${query}`);
  await page.locator('.rows tbody tr[aria-rowindex="2"]').waitFor();
  const times: number[] = [];
  for (let i = 0; i < PAGES; i++) times.push(await page.evaluate(nextPage));
  return times;
}

/** In the page: jumps to the end of the loaded rows, and waits until a row of the next page has been painted. */
async function nextPage(): Promise<number> {
  const lastIndex = () =>
    Number([...document.querySelectorAll('.rows tr[aria-rowindex]')].at(-1)?.getAttribute('aria-rowindex'));
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const toEnd = () => window.scrollTo(0, document.documentElement.scrollHeight);
  const begin = performance.now();
  toEnd();
  await frame();
  const before = lastIndex();
  while (lastIndex() <= before) {
    toEnd();
    await frame();
    if (performance.now() - begin > 30_000) throw new Error(`no row after ${before} within 30 s`);
  }
  return performance.now() - begin;
}

/** The milliseconds from the address to the charts. */
async function openOverview(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < Math.min(PAGES, 10); i++) {
    await page.goto('/console/profiles');
    await page.locator('.rows tbody tr[aria-rowindex="2"]').waitFor();
    const begin = performance.now();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.locator('.chart').first().waitFor();
    times.push(performance.now() - begin);
  }
  return times;
}

function rowOf(name: string, times: readonly number[], most = TARGET): Benchmark {
  const sorted = [...times].sort((a, b) => a - b);
  const slow = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  return {
    name,
    measured: `${Math.round(median(times))} ms, 95 % ${Math.round(slow)} ms`,
    limit: '',
    ratio: '',
    target: `at most ${most} ms`,
    isReached: median(times) <= most,
  };
}
