import { readConfig } from '@esim-rsp/server/process/config';
import { startServer } from '@esim-rsp/server/process/start';
import { ready } from '../process.ts';
import { ACCOUNT } from '../seed.ts';

/** The whole server as `esim serve` runs it. Arguments: its data folder, the API key of its account. */
const [ESIM_DATA_DIR, ESIM_BOOTSTRAP_API_KEY] = process.argv.slice(2);
const { restUrl, es2Url = '' } = await startServer(
  readConfig({
    ESIM_DATA_DIR,
    ESIM_BOOTSTRAP_API_KEY,
    ESIM_BOOTSTRAP_USER_ID: ACCOUNT,
    ESIM_HTTP_PORT: '0',
    ESIM_ES9_PORT: '0',
    ESIM_ES2_PORT: '0',
    ESIM_LOG_LEVEL: 'warn',
    ESIM_RATE_PER_KEY: '0',
    ESIM_RATE_PER_ADDRESS: '0',
  }),
);
ready(Number(new URL(restUrl).port), { es2Url });
