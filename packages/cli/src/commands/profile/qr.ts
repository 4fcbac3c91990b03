import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ESIMRSPApi, GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { type ErrorCorrection, errorCorrections, qrMatrix } from '@esim-rsp/server/qr/matrix';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { drawQr } from '../../rest/draw-qr.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { iccidArgument, numberFrom, valueBy } from '../../values.ts';

type Image = { readonly path: string; readonly format: 'png' | 'svg' };
type Options = RestOptions & {
  readonly out?: Image;
  readonly size?: number;
  readonly margin: number;
  readonly ecc: ErrorCorrection;
};

/** `esim profile qr`: the activation code to scan, in the terminal or as an image. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--out <file>', 'write it there, as PNG or SVG by the ending', valueBy(imageFile))
    .option('--size <pixels>', 'width and height of the image, 64 to 2048', numberFrom(64, 2048))
    .option('--margin <modules>', 'white around it, 4 to 20', numberFrom(4, 20), 4)
    .addOption(new Option('--ecc <level>', 'error correction').choices(errorCorrections).default('M'))
    .action(qr);
  examples(command, {
    'esim profile qr 8900101000000000019': 'draw it in the terminal',
    'esim profile qr 8900101000000000019 --out code.png --size 600': 'write an image',
    'esim profile qr 8900101000000000019 --out code.svg': 'write an image for print',
  });
}

function imageFile(path: string): Image {
  const format = extname(path).toLowerCase().slice(1);
  if (format !== 'png' && format !== 'svg') throw new ValueError('the name ends in .png or .svg');
  return { path, format };
}

async function qr(iccid: Iccid, options: Options): Promise<void> {
  const { out, size } = options;
  if (out === undefined && size !== undefined) throw new CliError('--size is for images: it needs --out', 2);
  await askApi(options, (api) =>
    out === undefined ? draw(api, iccid, options) : save(api, iccid, out, options),
  );
}

async function draw(api: ESIMRSPApi, iccid: Iccid, options: Options): Promise<void> {
  const { data } = await api.getEUICCProfile(iccid);
  const { activation_code: code } = data;
  if (code === '') throw new CliError(whyNoCode(data));
  const { margin, ecc, json } = options;
  const matrix = qrMatrix(code, { margin, ecc });
  const { columns = matrix.length, isTTY = false } = process.stdout;
  if (!json && matrix.length > columns)
    throw new CliError(
      `the code needs ${matrix.length} columns and the terminal has ${columns}: make it wider, or write an image with --out`,
    );
  show(options, { iccid, activation_code: code }, `${drawQr(matrix, isTTY)}\n${code}`);
}

function whyNoCode({ iccid, state, eid }: GetEUICCProfileResponse): string {
  if (state === 'RELEASED' || state === 'DOWNLOADED')
    return `the profile ${iccid} has no activation code: the eUICC ${eid} finds it at its default SM-DP+`;
  const advice = state === 'AVAILABLE' ? `: order it with 'esim profile order ${iccid}'` : '';
  return `the profile ${iccid} is ${state} and has no activation code${advice}`;
}

/** The image as the API makes it. It entitles to the download: only its owner may read the file. */
async function save(
  api: ESIMRSPApi,
  iccid: Iccid,
  { path, format }: Image,
  { size, margin, ecc, json }: Options,
): Promise<void> {
  const { data } = await api.getQRCode(iccid, { format, margin, ecc, ...(size !== undefined && { size }) });
  const image = await data.bytes();
  try {
    await using file = await open(path, 'w', 0o600);
    await file.chmod(0o600);
    await file.writeFile(image);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`${path} cannot be written (${code})`);
  }
  show(
    json ? { json } : {},
    { iccid, file: path, bytes: image.length },
    `The QR code of ${iccid} is in ${path}.`,
  );
}
