import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ESIMRSPApi, GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { type ErrorCorrection, encodeQrMatrix, errorCorrections } from '@esim-rsp/server/qr/matrix';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { renderQr } from '../../rest/render-qr.ts';
import { iccidArgument, numberFrom, valueBy } from '../../values.ts';

type File = { readonly path: string; readonly format: 'png' | 'svg' | 'json' };
type Options = RestOptions & {
  readonly out?: File;
  readonly size?: number;
  readonly margin: number;
  readonly ecc: ErrorCorrection;
  readonly oid?: boolean;
  readonly links?: true;
};

/** `esim profile qr`: shows the QR code of an activation code in the terminal, or writes an image. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--out <file>', 'write a file: PNG, SVG or JSON, according to its ending', valueBy(file))
    .option('--size <pixels>', 'width and height of the image, 64 to 2048', numberFrom(64, 2048))
    .option('--margin <modules>', 'white border around the code, 4 to 20', numberFrom(4, 20), 4)
    .addOption(new Option('--ecc <level>', 'error correction').choices(errorCorrections).default('M'))
    .option('--oid', 'include the OID of the SM-DP+ in the code')
    .option('--links', 'also show the links that install the profile on a phone without scanning')
    .action(qr);
  examples(command, {
    'esim profile qr 8900101000000000019': 'show the QR code in the terminal',
    'esim profile qr 8900101000000000019 --out code.png --size 600': 'write an image',
    'esim profile qr 8900101000000000019 --out code.svg': 'write an image for print',
    'esim profile qr 8900101000000000019 --links': 'also show links for phones',
  });
}

function file(path: string): File {
  const format = extname(path).toLowerCase().slice(1);
  if (format !== 'png' && format !== 'svg' && format !== 'json')
    throw new ValueError('the file name must end with .png, .svg or .json');
  return { path, format };
}

async function qr(iccid: Iccid, options: Options): Promise<void> {
  const { out, size, links } = options;
  if (out === undefined && size !== undefined)
    throw new CliError('--size needs --out: it is the size of an image', 2);
  if (out !== undefined && links)
    throw new CliError('--links works only in the terminal: use it without --out', 2);
  await askApi(options, (api) =>
    out === undefined ? showInTerminal(api, iccid, options) : save(api, iccid, out, options),
  );
}

async function showInTerminal(api: ESIMRSPApi, iccid: Iccid, options: Options): Promise<void> {
  const { data: profile } = await api.getEUICCProfile(iccid);
  if (profile.activation_code === '') throw new CliError(whyNoCode(profile));
  const { margin, ecc, oid = false, links, json } = options;
  const { data } = await api.getActivationCode(iccid, { oid });
  const { activation_code: code, install_links } = data;
  const matrix = encodeQrMatrix(code, { margin, ecc });
  const { columns = matrix.length, isTTY = false } = process.stdout;
  if (!json && matrix.length > columns)
    throw new CliError(
      `the QR code needs ${matrix.length} columns, and the terminal has ${columns}: make the terminal wider, or write an image with --out`,
    );
  const below = links ? `\n\n${fields(Object.entries(install_links))}` : '';
  if (!json) process.stdout.write(`${renderQr(matrix, isTTY)}\n`); // its colours are control sequences
  show(options, { iccid, ...data }, `${code}${below}`);
}

function whyNoCode({ iccid, state, eid }: GetEUICCProfileResponse): string {
  if (state === 'RELEASED' || state === 'DOWNLOADED')
    return `the profile ${iccid} has no activation code: the eUICC ${eid} finds it at its default SM-DP+`;
  const advice = state === 'AVAILABLE' ? `: order it with 'esim profile order ${iccid}'` : '';
  return `the profile ${iccid} is ${state} and has no activation code${advice}`;
}

/** Writes the image. The code allows the download, so only the owner of the file can read it. */
async function save(api: ESIMRSPApi, iccid: Iccid, { path, format }: File, options: Options): Promise<void> {
  const bytes = await contentOf(api, iccid, format, options);
  try {
    await using file = await open(path, 'w', 0o600);
    await file.chmod(0o600);
    await file.writeFile(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`${path} cannot be written (${code})`);
  }
  show(options, { iccid, file: path, bytes: bytes.length }, `The QR code of ${iccid} is in ${path}.`);
}

async function contentOf(
  api: ESIMRSPApi,
  iccid: Iccid,
  format: File['format'],
  { size, margin, ecc, oid = false }: Options,
): Promise<Uint8Array> {
  if (format === 'json') {
    const { data } = await api.getActivationCode(iccid, { oid });
    return new TextEncoder().encode(`${JSON.stringify(data, null, 2)}\n`);
  }
  const { data } = await api.getQRCode(iccid, {
    format,
    margin,
    ecc,
    oid,
    ...(size !== undefined && { size }),
  });
  return data.bytes();
}
