import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '@esim-rsp/smdp/env';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import type { Change } from '@esim-rsp/smdp/state/change';
import { packageContent } from '@esim-rsp/smdp/state/content';
import { type Identity, identityOf, type StockFound } from '@esim-rsp/smdp/stock/createProfile';
import { type Imported, type ImportProfileRequest, importProfile } from '@esim-rsp/smdp/stock/importProfile';
import type { Availability } from '../../../limits/availability.ts';
import { takeTurn } from '../../../limits/turns.ts';
import type { ProfileStore } from '../../../store/ports/profiles.ts';
import type { Services } from '../../frame/operation.ts';
import { type ProblemField, problemOf } from '../../frame/problem.ts';
import { validatorFor } from '../../frame/validation.ts';
import { namesIn, type ProfileNames } from '../../profiles/profile-labels.ts';
import { CreateEUICCProfileRequest, mustHaveContent, profileRequestIn } from '../profile-request.ts';
import { upstreamRequestIn } from '../upstream-row.ts';
import type { DryRun } from './dry-run/dry-run.ts';
import type { ImportRowError } from './report.ts';
import { type Place, placeOf, type Row } from './row.ts';

/** How rows become profiles. */
export type RowTerms = {
  readonly account: string;
  /** For rows that do not say it themselves. */
  readonly labels: ProfileNames;
  /** Where the profiles are: rows have no packages then. Absent: here. */
  readonly upstream?: string;
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
    const own = imsi === '' ? [iccid] : [iccid, `imsi ${imsi}`];
    const isLater = own.some((number) => numbers.has(number));
    for (const number of own) numbers.add(number);
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

/**
 * Decides about each row, and saves together what is to be created. When another caller was faster at one of them, nothing was saved, and
 * each row is created by itself.
 */
async function createAll(wanted: readonly Wanted[], work: Work): Promise<readonly Outcome[]> {
  if (wanted.length === 0) return [];
  const { terms, services } = work;
  const numbers = wanted.map(({ identity }) => identity);
  const [free, holders] = await Promise.all([
    freeIccids(
      services.store,
      terms.account,
      numbers.map(({ iccid }) => iccid),
    ),
    terms.allowsDuplicateImsi ? [] : services.store.imsiHolders(terms.account, numbers),
  ]);
  const creations = wanted.map((one, i) =>
    creationOf(one, { isFree: free.has(one.identity.iccid), imsiHolder: holders[i] }, work),
  );
  const decided = await Promise.all(creations.map((creation) => decideOn(creation, work)));
  const changes = decided.flatMap((one) => ('save' in one ? one.save : []));
  const isSaved =
    terms.dryRun !== undefined || changes.length === 0 || (await services.store.save(changes)) === 'saved';
  return Promise.all(
    creations.map((creation, i) => {
      const one = decided[i] as Decided;
      if ('type' in one) return one;
      return isSaved || one.save.length === 0
        ? orFailure(creation.row, () => outcomeOf(creation, one.reply, work))
        : createAlone(creation, work);
    }),
  );
}

/** Those of the ICCIDs that have no Profile, unless some in their range are reserved for others: then each is looked up by itself. */
async function freeIccids(store: RowStore, account: string, iccids: readonly Iccid[]): Promise<Set<Iccid>> {
  const sorted = iccids.toSorted();
  const [first, last] = [sorted[0] as Iccid, sorted.at(-1) as Iccid];
  const [taken, reserved] = await Promise.all([
    store.takenIccids(iccids),
    store.reservedForOthers(account, first, last),
  ]);
  return new Set(reserved.length > 0 ? [] : iccids).difference(new Set(taken));
}

/** What was found for a row together with the other rows of its batch. */
type FoundTogether = { readonly isFree: boolean; readonly imsiHolder: Iccid | undefined };

/** A row whose profile is to be created, unless it exists. */
type Creation = {
  readonly row: Row;
  readonly request: ImportProfileRequest;
  readonly importOne: typeof importProfile;
};

function creationOf(
  { row, request, identity }: Wanted,
  found: FoundTogether,
  { terms, services }: Work,
): Creation {
  const hasImsi = identity.imsi !== '';
  const whole = { ...request, identity, uniqueImsi: hasImsi && !terms.allowsDuplicateImsi };
  const own = hasImsi ? found : { ...found, imsiHolder: undefined };
  return { row, request: whole, importOne: importInTurn(whole, own, services.store) };
}

/** What was decided about a row, and what is to be saved; or why it is refused. */
type Decided = { readonly reply: Imported; readonly save: readonly Change[] } | ImportRowError;

function decideOn({ row, request, importOne }: Creation, { terms, services, env }: Work): Promise<Decided> {
  const { store, availability = anyTime } = services;
  return orFailure(row, () =>
    availability(terms.account, async () => {
      const decision = await importOne.decide(request, await importOne.load(request, store, 0), env);
      if ('refusal' in decision) throw decision.refusal;
      return decision;
    }),
  );
}

function createAlone(creation: Creation, work: Work): Promise<Outcome> {
  const { row, request, importOne } = creation;
  const { store, availability = anyTime } = work.services;
  return orFailure(row, async () =>
    outcomeOf(
      creation,
      await availability(work.terms.account, () => run(importOne, request, store, work.env)),
      work,
    ),
  );
}

const anyTime: Availability = async (_account, work) => work();

/** What has become of a row, after it was saved. Throws if a row before it has its numbers, in a dry run. */
function outcomeOf({ row, request }: Creation, decided: Imported, { terms }: Work): Imported['outcome'] {
  if (terms.dryRun !== undefined) return terms.dryRun.outcomeOf(row, request, decided);
  if (decided.outcome === 'created') terms.onCreated(decided.profile.iccid);
  return decided.outcome;
}

/**
 * What was found for many rows arrives together: the decisions take turns. Another caller may have been faster since: then the row is not
 * saved, and what it needs is read again.
 */
function importInTurn(
  { account, identity, uniqueImsi }: ImportProfileRequest & { readonly identity: Identity },
  { isFree, imsiHolder }: FoundTogether,
  store: RowStore,
): typeof importProfile {
  return {
    load: async (request, reader, attempt) => {
      const isKnown = attempt === 0 && isFree;
      const found = isKnown ? unused(identity) : await importProfile.load(request, reader, attempt);
      const holders = attempt > 0 && uniqueImsi ? await store.imsiHolders(account, [identity]) : [imsiHolder];
      await takeTurn();
      return { ...found, imsiHolder: holders[0] };
    },
    decide: importProfile.decide,
  };
}

function unused(identity: Identity): StockFound {
  return { identity, existing: undefined, isReserved: false };
}

const mustBeBody = validatorFor(CreateEUICCProfileRequest, 'body');

function requestOf(
  row: Exclude<Row, { fault: string }>,
  { account, labels, upstream }: RowTerms,
  { random }: Env,
): ImportProfileRequest {
  if (upstream !== undefined)
    return upstreamRequestIn(account, upstream, labels, 'body' in row ? row.body : undefined);
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
