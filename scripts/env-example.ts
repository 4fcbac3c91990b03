import { writeFileSync } from 'node:fs';
import { envExample } from '@esim-rsp/server/process/settings';

/** Writes .env.example from the schema of the environment. */
writeFileSync(new URL('../.env.example', import.meta.url), envExample());
