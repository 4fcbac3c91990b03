import { createRequire } from 'node:module';
import type { AxeResults, ElementContext, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** The axe that @axe-core/playwright has. */
const { source } = createRequire(import.meta.resolve('@axe-core/playwright'))('axe-core') as {
  source: string;
};

/** The tags of the rules of WCAG 2.2 AA. */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** In the page: the violations, or undefined where axe is not loaded yet. */
async function runAxe([context, options]: readonly [ElementContext, RunOptions]) {
  const { axe } = globalThis as { axe?: { run(...args: unknown[]): Promise<AxeResults> } };
  return (await axe?.run(context, options))?.violations.map(({ id, nodes }) => ({
    id,
    elements: nodes.map(({ html }) => html),
  }));
}

/**
 * The violations of these rules that axe finds, by rule, with the HTML of each element. It is loaded once for a document, and keeps nothing of what
 * passes: the builder of @axe-core/playwright finds the same, opens one more page for each run, and takes four times as long. It does not look into
 * frames, so a frame that is not `excluded` (a selector) is a violation.
 */
export async function findViolations(
  page: Page,
  tags: readonly string[],
  excluded?: string,
): Promise<{ readonly id: string; readonly elements: readonly string[] }[]> {
  const context = { include: [['html']], exclude: excluded === undefined ? [] : [[excluded]] };
  const options: RunOptions = {
    runOnly: { type: 'tag', values: [...tags] },
    resultTypes: ['violations'],
  };
  const frames = await page
    .locator(`iframe${excluded === undefined ? '' : `:not(${excluded})`}, frame`)
    .evaluateAll((all) => all.map(({ outerHTML }) => outerHTML.slice(0, 160)));
  let violations = await page.evaluate(runAxe, [context, options] as const);
  if (violations === undefined) {
    await page.evaluate(source);
    violations = await page.evaluate(runAxe, [context, options] as const);
  }
  if (violations === undefined) throw new Error('axe does not load');
  return [...violations, ...(frames.length === 0 ? [] : [{ id: 'a frame without axe', elements: frames }])];
}

/** Content that is wider than the window. */
export async function widths(page: Page): Promise<string[]> {
  const isTooWide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  return isTooWide ? ['the page scrolls to the side'] : [];
}

const SHOWN_CHARACTERS = 160;

/** The violations of WCAG 2.2 AA that axe finds, and content that is wider than the window. */
export async function judgePage(page: Page, excluded?: string): Promise<string[]> {
  const violations = await findViolations(page, WCAG, excluded);
  const faults = violations.map(({ id, elements }) => {
    const shown = elements.map((html) => html.slice(0, SHOWN_CHARACTERS));
    return `${id}: ${shown.join(' | ')}`;
  });
  return [...faults, ...(await widths(page))];
}
