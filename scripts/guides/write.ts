/** `npm run generate`: writes the guides that are made from tables in the code. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conceptsGuide } from './concepts.ts';
import { errorsGuide } from './errors.ts';
import { limitsGuide } from './limits.ts';
import { architecturePicture, callsPicture, statesPicture } from './pictures.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The files that are generated, by their path in the repository. */
export const generated: Readonly<Record<string, () => string>> = {
  'docs/guide/concepts.md': conceptsGuide,
  'docs/guide/errors.md': errorsGuide,
  'docs/guide/limits.md': limitsGuide,
  'docs/images/architecture.svg': architecturePicture,
  'docs/images/download.svg': callsPicture,
  'docs/images/states.svg': statesPicture,
};

if (import.meta.main)
  for (const [path, text] of Object.entries(generated)) writeFileSync(join(ROOT, path), text());
