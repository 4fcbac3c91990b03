import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '@esim-rsp/smdp/env';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { packageContent } from '@esim-rsp/smdp/state/content';
import { type Identity, identityOf } from '@esim-rsp/smdp/stock/createProfile';
import { type Imported, type ImportProfileRequest, importProfile } from '@esim-rsp/smdp/stock/importProfile';
import { takeTurn } from '../../../limits/turns.ts';
import type { ProfileStore } from '../../../store/ports/profiles.ts';
import type { Services } from '../../frame/operation.ts';
import { type ProblemField, problemOf } from '../../frame/problem.ts';
import { validatorFor } from '../../frame/validation.ts';
import { namesIn, type ProfileNames } from '../../profiles/profile-labels.ts';
import { CreateEUICCProfileRequest, mustHaveContent, profileRequestIn } from '../profile-request.ts';
import type { DryRun } from './dry-run.ts';
import type { ImportRowError } from './report.ts';
import { type Place, placeOf, type Row } from './row.ts';

/** How rows become profiles. */
export type RowTerms = {
  readonly account: string;
  /** For rows that do not say it themselves. */
  readonly labels: ProfileNames;
  /** Whether a profile may have the IMSI of another one. */
  readonly allowsDuplicateImsi: boolean;
  /** Present: nothing is written. */
  readonly dryRun?: DryRun;
  /** Called for each profile that was created. */
  readonly onCreated: (iccid: string) => void;
};

/** The records that rows use. */
export type RowStore = Store & Pick<ProfileStore, 'imsiHolders'>;

export type Outcome = 'created' | 'exists' | ImportRowError;
type Work = { readonly terms: RowTerms; readonly services: Services<RowStore>; readonly env: Env };

/** A row that can be read. */
type Wanted = { readonly row: Row; readonly request: ImportProfileRequest; readonly identity: Identity };

/** Creates the profiles of a batch of rows, or tries to; gives what became of each. */
export async function outcomesOf(rows: readonly Row[], work: Work): Promise<readonly Outcome[]> {
  const read = await Promise.all(rows.map((row) => wantedBy(row, work)));
  const outcomes = read.map((one): Outcome | undefined => ('type' in one ? one : undefined));
  const { first, later } = splitByNumbers(read);
  const create = async (indexes: readonly number[]) => {
    const made = await createAll(
      indexes.map((i) => read[i] as Wanted),
      work,
    );
    for (const [at, i] of indexes.entries()) outcomes[i] = made[at];
  };
  await create(first);
  for (const index of later) await create([index]);
  return outcomes as readonly Outcome[];
}

/** Rows that share an ICCID or an IMSI with an earlier row of the batch come later, one by one, so that they see what became of that one. */
function splitByNumbers(read: readonly (Wanted | ImportRowError)[]) {
  const [first, later]: [number[], number[]] = [[], []];
  const numbers = new Set<string>();
  for (const [index, one] of read.entries()) {
    if ('type' in one) continue;
    const { iccid, imsi } = one.identity;
    const isLater = numbers.has(iccid) || numbers.has(`imsi ${imsi}`);
    numbers.add(iccid).add(`imsi ${imsi}`);
    (isLater ? later : first).push(index);
  }
  return { first, later };
}

async function wantedBy(row: Row, { terms, env }: Work): Promise<Wanted | ImportRowError> {
  if ('fault' in row) {
    const { fault: message, errors } = row;
    return failure(row, {
      ...(errors ? { code: 'validation_failed', errors } : { code: 'invalid_row' }),
      message,
    });
  }
  await takeTurn();
  return orFailure(row, () => {
    const request = requestOf(row, terms, env);
    return { row, request, identity: identityOf(request.content) };
  });
}

async function createAll(wanted: readonly Wanted[], work: Work): Promise<readonly Outcome[]> {
  const { terms, services } = work;
  const numbers = wanted.map(({ identity }) => identity);
  const holders =
    terms.allowsDuplicateImsi || wanted.length === 0
      ? []
      : await services.store.imsiHolders(terms.account, numbers);
  return Promise.all(wanted.map((one, i) => createOne(one, holders[i], work)));
}

async function createOne(
  { row, request, identity }: Wanted,
  imsiHolder: Iccid | undefined,
  { terms, services, env }: Work,
): Promise<Outcome> {
  const { store, availability = async (_account, work) => work() } = services;
  const { account, dryRun, onCreated } = terms;
  const whole = { ...request, identity, uniqueImsi: !terms.allowsDuplicateImsi };
  const importOne = importInTurn(whole, imsiHolder, store);
  return orFailure(row, async () => {
    if (dryRun !== undefined)
      return dryRun.outcomeOf(
        row,
        whole,
        await availability(account, () => decideOnly(importOne, whole, store, env)),
      );
    const { outcome, profile } = await availability(account, () => run(importOne, whole, store, env));
    if (outcome === 'created') onCreated(profile.iccid);
    return outcome;
  });
}

/** Loads and decides as `run` does, and saves nothing. */
async function decideOnly(
  importOne: typeof importProfile,
  request: ImportProfileRequest,
  store: Store,
  env: Env,
): Promise<Imported> {
  const decision = await importOne.decide(request, await importOne.load(request, store, 0), env);
  if ('refusal' in decision) throw decision.refusal;
  return decision.reply;
}

/**
 * What was found for many rows arrives together: the decisions take turns. `holder` has the IMSI, as far as is known; when another caller was
 * faster, it may be that one.
 */
function importInTurn(
  { account, identity, uniqueImsi }: ImportProfileRequest & { readonly identity: Identity },
  holder: Iccid | undefined,
  store: RowStore,
): typeof importProfile {
  return {
    load: async (request, reader, attempt) => {
      const found = await importProfile.load(request, reader, attempt);
      const holders = attempt > 0 && uniqueImsi ? await store.imsiHolders(account, [identity]) : [holder];
      await takeTurn();
      return { ...found, imsiHolder: holders[0] };
    },
    decide: importProfile.decide,
  };
}

const mustBeBody = validatorFor(CreateEUICCProfileRequest, 'body');

function requestOf(
  row: Exclude<Row, { fault: string }>,
  { account, labels }: RowTerms,
  { random }: Env,
): ImportProfileRequest {
  if ('package' in row) return { account, content: packageContent(row.package), ...namesIn(labels) };
  mustHaveContent(row.body);
  mustBeBody(row.body);
  return profileRequestIn(account, { ...labels, ...(row.body as CreateEUICCProfileRequest) }, random);
}

/** The result of the work, or why the row is refused. Throws what is a bug. */
async function orFailure<T>(row: Row, work: () => T | Promise<T>): Promise<T | ImportRowError> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const { code, errors } = problem;
    const message = errors === undefined ? problem.message : sentenceOf(errors);
    return failure(row, { code, message, ...(errors && { errors: [...errors] }) });
  }
}

/** The errors with the names that a person with a file knows: a name in CSV can be of two members. */
function sentenceOf(errors: readonly ProblemField[]): string {
  const sentences = errors.map(
    ({ field, message }) => `${field.replace(/^\/(?:parameters\/)?/, '')} ${message}`,
  );
  return [...new Set(sentences)].join('; ');
}

function failure(row: Row, why: Pick<ImportRowError, 'code' | 'message' | 'errors'>): ImportRowError {
  return { type: 'error', ...(placeOf(row) satisfies Place), ...iccidIn(row), ...why };
}

/** The ICCID that the row gives, if it is one. */
export function iccidIn(row: Row): { iccid?: string } {
  if ('fault' in row) return row.iccid === undefined ? {} : { iccid: row.iccid };
  const { parameters } =
    (('body' in row ? row.body : undefined) as { parameters?: { iccid?: unknown } }) ?? {};
  const iccid = parameters?.iccid;
  return typeof iccid === 'string' && /^\d{19,20}$/.test(iccid) ? { iccid } : {};
}
