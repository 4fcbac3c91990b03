import { type Check, ok, problem } from './check.ts';

const TIMEOUT_MILLISECONDS = 5000;

/** What `GET /status` says, as far as the checks need it, and how far the server's clock is ahead. */
export type ServerAnswer = {
  readonly version: string;
  readonly smdpAddress: string;
  readonly unreadableRows: number;
  /** Seconds; negative: it is behind. undefined: the answer had no date. */
  readonly clockAhead?: number;
};

/** Asks the server for its status and its readiness. `answer` is undefined if it cannot be reached. */
export async function checkServer(url: string): Promise<{ checks: Check[]; answer?: ServerAnswer }> {
  const found = await ask(`${url}/api/v1/status`);
  if (typeof found === 'string')
    return {
      checks: [
        problem(
          'server',
          'failed',
          `${url} cannot be reached (${found})`,
          "start it with 'npm start' or 'esim serve'; to ask another server, set ESIM_URL",
        ),
      ],
    };
  const answer = answerIn(found);
  if (answer === undefined)
    return {
      checks: [
        problem(
          'server',
          'failed',
          `${url} answers ${found.status}, but not as esim-rsp does`,
          'set ESIM_URL',
        ),
      ],
    };
  return { answer, checks: [await readinessCheck(url, answer), ...rowsCheck(answer), clockCheck(answer)] };
}

type Answered = { readonly status: number; readonly body: unknown; readonly date: string | null };

/** The answer, or why there is none. */
async function ask(url: string): Promise<Answered | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, body, date: response.headers.get('date') };
  } catch (error) {
    const { cause, name } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MILLISECONDS / 1000} seconds`;
    return cause?.code ?? cause?.message ?? (error as Error).message;
  }
}

function answerIn({ status, body, date }: Answered): ServerAnswer | undefined {
  const {
    name,
    version,
    smdp_address: address,
    unreadable_rows: rows,
  } = (body ?? {}) as Record<string, unknown>;
  if (status !== 200 || name !== 'esim-rsp') return undefined;
  const time = Date.parse(date ?? '');
  return {
    version: String(version),
    smdpAddress: String(address),
    unreadableRows: Number(rows ?? 0),
    ...(!Number.isNaN(time) && { clockAhead: Math.round((time - Date.now()) / 1000) }),
  };
}

async function readinessCheck(url: string, { version, smdpAddress }: ServerAnswer): Promise<Check> {
  const found = await ask(`${url}/readyz`);
  const running = `esim-rsp ${version} at ${url}, SM-DP+ address ${smdpAddress}`;
  if (typeof found !== 'string' && found.status === 200) return ok('server', `${running}, ready`);
  const reason = typeof found === 'string' ? found : messageIn(found);
  return problem(
    'server',
    'failed',
    `${running}, cannot serve: ${reason}`,
    'remove the reason; see also its log',
  );
}

function messageIn({ status, body }: Answered): string {
  const { message, detail } = (body ?? {}) as Record<string, unknown>;
  return String(message ?? detail ?? `it answers ${status}`);
}

function rowsCheck({ unreadableRows }: ServerAnswer): Check[] {
  if (unreadableRows === 0) return [];
  const detail = `${unreadableRows} rows of the database cannot be read and are skipped`;
  return [problem('rows', 'warning', detail, 'the log of the server names them; restore them from a backup')];
}

/** The date of an HTTP answer has whole seconds, and the answer takes time. */
const CLOCK_TOLERANCE_SECONDS = 5;

function clockCheck({ clockAhead }: ServerAnswer): Check {
  if (clockAhead === undefined)
    return problem('clock', 'skipped', 'the answer has no date', 'compare the clocks yourself');
  if (Math.abs(clockAhead) <= CLOCK_TOLERANCE_SECONDS)
    return ok('clock', 'the server and this machine agree');
  const direction = clockAhead > 0 ? 'ahead of' : 'behind';
  return problem(
    'clock',
    'warning',
    `the server is ${Math.abs(clockAhead)} seconds ${direction} this machine`,
    'set both clocks by NTP: certificates and orders end at a time',
  );
}
