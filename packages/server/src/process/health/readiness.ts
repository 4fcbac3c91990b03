import type { OwnCertificate } from '../../keys/own-certificates.ts';
import type { HealthStore } from '../../store/ports/health.ts';

/** An answer is used again for this time, so that many questions cost one write. */
const CACHE_MILLISECONDS = 1000;

/** Finds out whether the server can serve. The function resolves to the reasons why it cannot, a sentence each. */
export function createReadiness(
  store: HealthStore,
  certificates: () => readonly OwnCertificate[],
  now: () => number = Date.now,
  tokenProblems: () => readonly string[] = () => [],
): () => Promise<readonly string[]> {
  let latest: { readonly reasons: Promise<readonly string[]>; readonly until: number } | undefined;
  return () => {
    if (latest === undefined || now() >= latest.until)
      latest = {
        reasons: findReasons(store, certificates(), now()).then((reasons) => [
          ...reasons,
          ...(tokenProblems().length === 0 ? [] : [TOKEN_REASON]),
        ]),
        until: now() + CACHE_MILLISECONDS,
      };
    return latest.reasons;
  };
}

/** The log has the details. */
const TOKEN_REASON = 'the token of the signing keys cannot be used: see the log of the server';

async function findReasons(
  store: HealthStore,
  certificates: readonly OwnCertificate[],
  now: number,
): Promise<readonly string[]> {
  const [write, schema] = await Promise.all([
    reasonOf(store.tryWrite(), 'the database cannot be written'),
    reasonOf(checkSchema(store), 'the schema of the database cannot be read'),
  ]);
  return [...write, ...schema, ...certificateReasons(certificates, now)];
}

async function reasonOf(attempt: Promise<unknown>, what: string): Promise<string[]> {
  try {
    const reason = await attempt;
    return typeof reason === 'string' ? [reason] : [];
  } catch (error) {
    return [`${what} (${(error as Error).message})`];
  }
}

/** Another version may have migrated the database next to the server. The next release only adds to it, so this one continues (ADR 18). */
async function checkSchema(store: HealthStore): Promise<string | undefined> {
  const { found, known, isUsable } = await store.schemaVersion();
  if (isUsable) return undefined;
  return `the database has schema ${found}, and this program needs ${known}: restart with the version that migrated it`;
}

const ROLES = ['dp-auth', 'dp-pb', 'dp-tls'] as const;

/** A role needs one certificate that is valid: a server with two curves serves with one of them. */
function certificateReasons(certificates: readonly OwnCertificate[], now: number): string[] {
  return ROLES.flatMap((role) => {
    const own = certificates.filter((each) => each.role === role).map(({ certificate }) => certificate);
    const isValid = own.some(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
    if (own.length === 0 || isValid) return [];
    return [`no ${role} certificate is valid now: put a valid one into the PKI folder`];
  });
}
