import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OperatorProgress } from '@esim-rsp/server/store/ports/operators';
import { makeClientIdentity } from '@esim-rsp/server/store/ports/operators';
import { es2plusToOperator, type ProgressStyle, progressStyles } from '@esim-rsp/sgp22/functions/es2plus';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError } from '../command.ts';
import { valueBy } from '../values.ts';

/** Where and how an operator receives download notifications. */
export type ProgressOptions = {
  readonly progressUrl?: string;
  readonly progressStyle?: ProgressStyle;
  readonly progressCert?: string;
  readonly progressKey?: string;
  readonly progressCa?: string;
};

export function progressOptions(command: Command): Command {
  return command
    .option(
      '--progress-url <url>',
      'URL for HandleDownloadProgressInfo; without a path, the path of ES2+ is added',
      valueBy(progressUrl),
    )
    .addOption(
      new Option(
        '--progress-style <style>',
        'standard: points 1 to 4; 5-8: also enabled 6, disabled 7, deleted 8; 101: enabled 101, disabled 102, deleted 5',
      ).choices(progressStyles),
    )
    .option('--progress-cert <file>', 'TLS client certificate of this SM-DP+ for that URL, PEM')
    .option('--progress-key <file>', 'key of that certificate, PEM')
    .option('--progress-ca <file>', 'CA certificate of that URL, PEM, if it is not a public CA');
}

/** Adds the path of ES2+ if the URL has no path. */
function progressUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash)
    throw new ValueError('https://host or https://host:port/path is expected');
  if (url.pathname === '/') url.pathname = es2plusToOperator.handleDownloadProgressInfo.path;
  return url.href;
}

/** The options merged with the previous settings. Undefined if there is no URL. */
export function progressFrom(
  options: ProgressOptions,
  before: OperatorProgress | undefined,
  begin: Pick<OperatorProgress, 'from' | 'after'>,
): OperatorProgress | undefined {
  const { progressUrl: url = before?.url, progressStyle: style = before?.style ?? 'standard' } = options;
  const client = clientIn(options) ?? before?.client;
  const ca = options.progressCa === undefined ? before?.ca : certificateText(options.progressCa);
  if (url === undefined) {
    if (Object.keys(options).some((name) => name.startsWith('progress')))
      throw new CliError('add --progress-url: the address for the notifications is missing', 2);
    return undefined;
  }
  const { from, after } = before ?? begin;
  return {
    url,
    style,
    ...(client && { client }),
    ...(ca !== undefined && { ca }),
    from,
    ...(after !== undefined && { after }),
  };
}

function clientIn({ progressCert, progressKey }: ProgressOptions) {
  if (progressCert === undefined && progressKey === undefined) return undefined;
  if (progressCert === undefined || progressKey === undefined)
    throw new CliError('use --progress-cert and --progress-key together', 2);
  const certificate = certificateText(progressCert);
  const key = textOf(progressKey);
  if (!matches(certificate, key))
    throw new CliError(
      `${progressKey} is not the key of the certificate in ${progressCert}, in PEM and without password`,
    );
  return makeClientIdentity(certificate, key);
}

function matches(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function certificateText(file: string): string {
  const text = textOf(file);
  try {
    new X509Certificate(text);
  } catch {
    throw new CliError(`there is no certificate in ${file}: PEM is expected`);
  }
  return text;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The notification settings for --json, without the key. */
export function progressJson({ url, style, client, ca }: OperatorProgress) {
  return {
    url,
    style,
    shows_certificate: client !== undefined,
    trusts: ca === undefined ? 'public CAs' : new X509Certificate(ca).subject.replaceAll('\n', ', '),
  };
}
