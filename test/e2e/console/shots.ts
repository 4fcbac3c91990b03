import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Look, openPage, screens, settle, show, startConsole } from './browser.harness.ts';

/**
 * Saves a picture of every screen in every look, for people who change the console: `node test/e2e/console/shots.ts FOLDER [WORD]`. WORD:
 * only screens whose names have it.
 */

type Shot = Look & { readonly forcedColors?: 'active' };

const looks: readonly Shot[] = [
  ...([390, 1440] as const).flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  ),
  { width: 360, colorScheme: 'light' },
  { width: 1120, colorScheme: 'light' },
  { width: 2560, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark', forcedColors: 'active' },
];

const [folder = 'shots', word = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const opened = await startConsole();
for (const look of looks) {
  await using watched = await openPage(opened, look);
  const { page } = watched;
  if (look.forcedColors) await page.emulateMedia({ forcedColors: look.forcedColors });
  for (const [name, path] of Object.entries(screens)) {
    if (!name.includes(word)) continue;
    await show(page, path);
    await settle(page);
    const file = `${name.replaceAll(/\W+/g, '-')}.${look.width}.${look.forcedColors ? 'forced' : look.colorScheme}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: true });
    console.log(file);
  }
}
await opened?.browser.close();
await opened?.server[Symbol.asyncDispose]();
process.exit(0);
