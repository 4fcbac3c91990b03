import { readFileSync } from 'node:fs';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import type { Es2Target } from './driver/es2.ts';
import { type Issuers, readIssuers } from './driver/euicc.ts';
import { type Fixtures, Skipped } from './driver/fixtures.ts';
import type { GatewayTarget } from './driver/gateway.ts';
import type { Section } from './driver/sequence.ts';
import { type Binding, connectEs9 } from './driver/server.ts';
import { downloadOrder } from './sections/4.3.1-downloadOrder.ts';
import { confirmOrder } from './sections/4.3.2-confirmOrder.ts';
import { cancelOrder } from './sections/4.3.3-cancelOrder.ts';
import { releaseProfile } from './sections/4.3.4-releaseProfile.ts';
import { handleDownloadProgressInfo } from './sections/4.3.5-handleDownloadProgressInfo.ts';
import { es2Tls } from './sections/4.3.6-es2-tls.ts';
import { es8plus } from './sections/4.3.7-es8plus.ts';
import { initiateAuthentication } from './sections/4.3.12-initiateAuthentication.ts';
import { getBoundProfilePackage } from './sections/4.3.13-getBoundProfilePackage.ts';
import { authenticateClient } from './sections/4.3.14-authenticateClient.ts';
import { handleNotification } from './sections/4.3.15-handleNotification.ts';
import { cancelSession } from './sections/4.3.16-cancelSession.ts';
import { tls } from './sections/4.3.17-tls.ts';
import {
  clientCancelOrder,
  clientConfirmOrder,
  clientDownloadOrder,
  clientReleaseProfile,
} from './sections/client-functions.ts';
import { clientTransport } from './sections/client-transport.ts';
import { completeFlow } from './sections/complete-flow.ts';

export const variants = { NIST: 'P-256', BRP: 'brainpoolP256r1' } as const satisfies Record<string, Curve>;
export type Variant = keyof typeof variants;
const variantNames = Object.keys(variants) as Variant[];

/** One sequence of index.json. */
export type Entry = {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly precondition: string;
  readonly expected: string;
  /** Why it does not run: in both variants, or per variant. */
  readonly skip?: string | { readonly [V in Variant]?: string };
};

export const index: readonly Entry[] = JSON.parse(
  readFileSync(new URL('index.json', import.meta.url), 'utf8'),
);

const sequences: Section = {
  ...downloadOrder,
  ...confirmOrder,
  ...cancelOrder,
  ...releaseProfile,
  ...handleDownloadProgressInfo,
  ...es2Tls,
  ...initiateAuthentication,
  ...getBoundProfilePackage,
  ...authenticateClient,
  ...es8plus,
  ...handleNotification,
  ...cancelSession,
  ...tls,
  ...completeFlow,
  ...clientDownloadOrder,
  ...clientConfirmOrder,
  ...clientCancelOrder,
  ...clientReleaseProfile,
  ...clientTransport,
};

export type Target = {
  readonly url: string;
  readonly smdpAddress: string;
  readonly pki: PkiFiles;
  readonly fixtures: Fixtures;
  /** Absent: the server has no ES2+ for the run. */
  readonly es2?: Es2Target;
  /** Absent: the server does not order at upstreams for the run. */
  readonly gateway?: GatewayTarget;
  /** URLs of listeners with a TLS certificate of the variant. Default: `url`. */
  readonly tlsUrls?: { readonly [V in Variant]?: string };
  /** How many sequences may run at the same time. */
  readonly atOnce: number;
};

export type Result = {
  readonly id: string;
  readonly variant: Variant;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly reason?: string;
};

/** Runs every sequence of the index in both variants; the results are in the order of the index. */
export async function* runAll(target: Target): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for (const variant of variantNames) {
    const issuers = findIssuers(target, variant);
    for (const entry of index) {
      running.push(runEntry(entry, variant, target, issuers));
      if (running.length >= target.atOnce) yield (await running.shift()) as Result;
    }
  }
  for (const last of running) yield await last;
  const known = new Set(index.map(({ id }) => id));
  for (const id of Object.keys(sequences))
    if (!known.has(id))
      yield { id, variant: 'NIST', result: 'failed', reason: 'this sequence is not in index.json' };
}

type Outcome = Pick<Result, 'result' | 'reason'>;

/** The CI and EUM of a variant, or why there is none. */
function findIssuers({ pki }: Target, variant: Variant): Issuers | string {
  try {
    return readIssuers(pki, variants[variant]);
  } catch (error) {
    if (error instanceof PkiError) return error.message;
    throw error;
  }
}

async function runEntry(entry: Entry, variant: Variant, target: Target, issuers: Issuers | string) {
  return { id: entry.id, variant, ...(await runSequence(entry, variant, target, issuers)) };
}

async function runSequence(
  { id, skip }: Entry,
  variant: Variant,
  { url, tlsUrls, smdpAddress, fixtures, es2, gateway }: Target,
  issuers: Issuers | string,
): Promise<Outcome> {
  const reason = typeof skip === 'string' ? skip : skip?.[variant];
  if (reason !== undefined) return { result: 'skipped', reason };
  const sequence = sequences[id];
  if (sequence === undefined) return { result: 'failed', reason: 'there is no test for this sequence' };
  if (typeof issuers === 'string') return { result: 'skipped', reason: issuers };
  const by = (binding: Binding) => connectEs9(url, smdpAddress, binding);
  try {
    const tlsUrl = tlsUrls?.[variant] ?? url;
    await sequence({
      server: by('json'),
      by,
      tlsUrl,
      issuers,
      fixtures,
      ...(es2 && { es2 }),
      ...(gateway && { gateway }),
    });
    return { result: 'passed' };
  } catch (error) {
    if (error instanceof Skipped) return { result: 'skipped', reason: error.message };
    return { result: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The last line of a run. */
export function summary(results: readonly Result[]): string {
  const count = (wanted: Result['result']) => results.filter(({ result }) => result === wanted).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  return `sequences: ${passed} passed, ${failed} failed, ${skipped} skipped, of ${results.length}`;
}
