import { writeFile } from 'node:fs/promises';
import type { QRCodeOptions } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import encodeQR from 'qr';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { asking } from '../../rest/api.ts';
import { type ApiOptions, apiOptions } from '../../rest/options.ts';
import { iccidArgument, numberFrom, oneOf } from '../../values.ts';

type Options = ApiOptions & {
  readonly out?: string;
  readonly size?: number;
  readonly margin?: number;
  readonly ecc?: 'L' | 'M' | 'Q' | 'H';
};

const levels = ['L', 'M', 'Q', 'H'] as const;
/** `esim profile qr`: the QR code of a profile, in the terminal or as a file. */
export function configure(command: Command): void {
  apiOptions(command)
    .argument('<iccid>', 'ICCID of the profile', iccidArgument)
    .option('--out <file>', 'write it to a file that ends in .png or .svg')
    .option('--size <pixels>', 'width and height of the image', numberFrom(64, 2048))
    .option('--margin <modules>', 'white around it', numberFrom(4, 20))
    .option('--ecc <level>', 'error correction: L, M, Q or H', oneOf(levels))
    .action(qr);
  examples(command, {
    'esim profile qr 8900101000000000019': 'draw it in the terminal',
    'esim profile qr 8900101000000000019 --out code.png': 'write a PNG',
    'esim profile qr 8900101000000000019 --out code.svg --size 512': 'write an SVG of 512 pixels',
  });
}

async function qr(iccid: string, options: Options): Promise<void> {
  if (options.out !== undefined) return writeImage(iccid, options.out, options);
  if (options.size !== undefined) throw new CliError('--size is that of an image: say --out FILE too', 2);
  const { data } = await asking(options, (api) => api.getEUICCProfile(iccid));
  const code = data.activation_code;
  if (code === '')
    throw new CliError(
      `${iccid} is ${data.state}: it has no activation code, only a RELEASED profile has one`,
    );
  show(options, { iccid, activation_code: code }, `${drawn(code, options)}\n${code}`);
}

async function writeImage(iccid: string, path: string, options: Options): Promise<void> {
  const format = /\.(png|svg)$/i.exec(path)?.[1]?.toLowerCase() as QRCodeOptions['format'];
  if (format === undefined) throw new CliError(`${path} should end in .png or .svg`, 2);
  const { size, margin, ecc } = options;
  const wish = { format, ...(size && { size }), ...(margin && { margin }), ...(ecc && { ecc }) };
  const { data: file } = await asking(options, (api) => api.getQRCode(iccid, wish));
  await writeFile(path, new Uint8Array(await file.arrayBuffer()), { mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new CliError(`${path} cannot be written (${error.code})`);
    },
  );
  show(options, { iccid, file: path }, `${path} is written; whoever scans it gets the profile`);
}

const corrections = { L: 'low', M: 'medium', Q: 'quartile', H: 'high' } as const;

/** Two modules per character, black on white whatever the colours of the terminal. */
function drawn(text: string, { ecc = 'M', margin = 4 }: Options): string {
  const rows = encodeQR(text, 'raw', { ecc: corrections[ecc], border: margin });
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2)
    lines.push((rows[y] ?? []).map((top, x) => block(top, rows[y + 1]?.[x] === true)).join(''));
  const coloured = process.stdout.isTTY ? lines.map((line) => `\u001b[30;107m${line}\u001b[0m`) : lines;
  return coloured.join('\n');
}

function block(top: boolean, bottom: boolean): string {
  if (top) return bottom ? '█' : '▀';
  return bottom ? '▄' : ' ';
}
