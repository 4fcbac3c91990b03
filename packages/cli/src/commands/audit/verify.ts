import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type PublicAnchorKey, readAnchorKey, readPublicKeys } from '@esim-rsp/server/chain/anchor-key';
import { readArchive } from '@esim-rsp/server/chain/archive';
import type { Difference } from '@esim-rsp/server/chain/compare';
import { verifyChains } from '@esim-rsp/server/chain/verify';
import { verifyAnchors } from '@esim-rsp/server/chain/verify-anchors';
import { verifyArchive } from '@esim-rsp/server/chain/verify-archive';
import { readLastAnchor } from '@esim-rsp/server/process/folder/last-anchor';
import type { Command } from 'commander';
import { CliError, examples, helpText, ProgramExit } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { withLocalStore } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';
import { progressOutput } from '../../progress.ts';

type Options = OutputOptions & {
  readonly anchors?: string;
  readonly archive?: string;
  readonly key?: readonly string[];
};

/** `esim audit verify`: compares the logs with their chains, and the chains with the signed anchors. */
export function configure(command: Command): void {
  command
    .option(
      '--anchors <file>',
      'compare with the anchors that were kept in this file: lines, or messages of webhooks',
    )
    .option('--archive <folder>', 'compare with what was deleted, in this folder (ESIM_ARCHIVE)')
    .option('--key <file...>', 'PEM files with public keys of other nodes, or of an earlier folder')
    .option('--json', 'write JSON to stdout')
    .action(verify);
  command.addHelpText(
    'after',
    helpText(
      "It reads the data on the server's machine; the server may be running. Exit code 1: something was changed, removed, inserted or reordered. Anchors that were kept elsewhere show that also to somebody who does not trust this machine.",
    ),
  );
  examples(command, {
    'esim audit verify': 'check all entries, and name the first that differs',
    'esim audit verify --archive /var/lib/esim-rsp-archive': 'check also what was deleted because it was old',
    'esim audit verify --anchors /mnt/log-host/anchors.ndjson': 'compare with what another machine has',
  });
}

async function verify(options: Options): Promise<void> {
  const { dataDir } = localConfig();
  const keys = [...ownKey(dataDir), ...(options.key ?? []).flatMap(keysIn)];
  const lines = options.anchors === undefined ? undefined : linesOf(options.anchors);
  const progress = progressOutput();
  let done = 0;
  const report = (entries: number) => {
    done += entries;
    progress.show(() => `${done} entries`);
  };
  const { chains, anchors, archive } = await withLocalStore(async (store) => ({
    chains: await verifyChains(store, report),
    anchors: await verifyAnchors(store, { keys, lines, last: readLastAnchor(dataDir) }),
    archive: await verifyArchive(store, () => archiveLinesIn(options.archive)),
  })).finally(() => progress.clear());
  const differences = [...chains.differences, ...anchors.differences, ...archive.differences];
  const counts = {
    chains: chains.chains,
    entries: chains.entries,
    erased: chains.erased,
    cut: chains.cut,
    unchained: chains.unchained,
    anchors: anchors.anchors,
    kept_anchors: anchors.lines,
    archived: archive.entries,
    archived_repeated: archive.repeated,
    archived_erased: archive.erased,
  };
  const result = { ok: differences.length === 0, ...counts, differences };
  show(options, result, describe(counts, differences));
  if (differences.length > 0) throw new ProgramExit(1);
}

type Counts = Readonly<
  Record<
    | 'chains'
    | 'entries'
    | 'erased'
    | 'cut'
    | 'unchained'
    | 'anchors'
    | 'kept_anchors'
    | 'archived'
    | 'archived_repeated'
    | 'archived_erased',
    number
  >
>;

function describe(counts: Counts, differences: readonly Difference[]): string {
  const checked = `${counts.entries} entries in ${counts.chains} chains, ${counts.anchors} anchors`;
  const more = [
    counts.erased > 0 ? `${counts.erased} entries were erased, as the audit log says` : '',
    counts.cut > 0 ? `the beginning of ${counts.cut} chains was deleted, as the audit log says` : '',
    counts.unchained > 0 ? `${counts.unchained} entries are not chained yet` : '',
    counts.kept_anchors > 0 ? `${counts.kept_anchors} anchors of the file were compared` : '',
    counts.archived > 0 ? `${counts.archived} entries of the archive were compared` : '',
  ].filter((text) => text !== '');
  if (differences.length === 0) return [`The logs are as they were written: ${checked}.`, ...more].join('\n');
  return [
    `The logs are not as they were written: ${checked}.`,
    ...differences.map(({ text }) => text),
    ...more,
  ].join('\n');
}

function ownKey(folder: string): PublicAnchorKey[] {
  const key = readAnchorKey(folder);
  return key === undefined ? [] : [key];
}

function keysIn(path: string): readonly PublicAnchorKey[] {
  try {
    const keys = readPublicKeys(readFileSync(path, 'utf8'));
    if (keys.length > 0) return keys;
  } catch (error) {
    throw new CliError(`${path} cannot be read as a public key: ${(error as Error).message}`);
  }
  throw new CliError(`${path} has no public key: write one with 'esim audit key'`);
}

/** Throws a CliError when the folder cannot be read. */
async function* archiveLinesIn(folder: string | undefined) {
  if (folder === undefined) return;
  try {
    yield* readArchive(folder);
  } catch (error) {
    throw new CliError(`${folder} cannot be read: ${(error as Error).message}`);
  }
}

/** Throws a CliError when the file cannot be read. */
async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
