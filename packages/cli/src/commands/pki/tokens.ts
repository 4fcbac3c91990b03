import { toHex } from '@esim-rsp/codec';
import { listTokens } from '@esim-rsp/server/keys/token/token';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, type OutputOptions, show } from '../../output.ts';
import { attributesOf, explain, type TokenSelection, tokenOptions, withToken } from '../../pki/tokens.ts';

/** `esim pki tokens`: the tokens of a PKCS#11 module, and the private keys of one. */
export function configure(command: Command): void {
  tokenOptions(command).option('--json', 'write JSON to stdout').action(showTokens);
  examples(command, {
    'esim pki tokens --module /usr/lib/softhsm/libsofthsm2.so':
      'list the tokens of SoftHSM2; no PIN is needed',
    'esim pki tokens --module /usr/lib/softhsm/libsofthsm2.so --token esim --pin-file pin':
      'list the private keys of one token',
  });
}

async function showTokens(options: TokenSelection & OutputOptions): Promise<void> {
  const { module: modulePath, token, serial, json } = options;
  if (token === undefined && serial === undefined) {
    const tokens = await explain(listTokens(modulePath));
    const text = tokens.map(({ label, serial, manufacturer, model, initialized }) =>
      fields([
        ['label', initialized ? label : '(not initialized)'],
        ['serial', serial],
        ['manufacturer', manufacturer],
        ['model', model],
      ]),
    );
    return show(json ? { json } : {}, { tokens }, text.join('\n\n') || 'The module has no token.');
  }
  const { pinFile } = options;
  const place = { modulePath, which: attributesOf(options), ...(pinFile !== undefined && { pinFile }) };
  const found = await withToken(place, (open) => open.call('keys', {}));
  const keys = found.map(({ label, id, publicPart, extractable, sensitive }) => ({
    label,
    id: toHex(id),
    curve: publicPart?.curve ?? null,
    public_key: publicPart === undefined ? null : toHex(publicPart.point),
    extractable,
    sensitive,
  }));
  const text = keys.map((key) =>
    fields([
      ['label', key.label],
      ['id', key.id],
      ['curve', key.curve ?? 'none that RSP uses, or without its public key'],
      ['can leave the token', key.extractable || !key.sensitive ? 'YES' : 'no'],
    ]),
  );
  show(json ? { json } : {}, { keys }, text.join('\n\n') || 'The token has no private key.');
}
