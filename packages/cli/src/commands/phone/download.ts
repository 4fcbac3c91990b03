import { writeFile } from 'node:fs/promises';
import { type AskConfirmationCode, type Consent, type Downloaded, download } from '@esim-rsp/euicc';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { note, show } from '../../output.ts';
import { activationCodeFrom } from '../../phone/activation-code.ts';
import { ask } from '../../phone/ask.ts';
import { createPhone } from '../../phone/create.ts';
import { failingClearly, lpaOf, namingSession, report } from '../../phone/lpa.ts';
import { type FaultOption, faultOption, type Misdeed, misdeedOf } from '../../phone/misdeed.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { openPhone, type Phone } from '../../phone/phone.ts';
import { defaultPhone, readPhone } from '../../phone/phone-file.ts';
import { valueBy } from '../../values.ts';

type Options = PhoneOptions &
  FaultOption & {
    readonly confirmationCode?: string;
    readonly saveUpp?: string;
    readonly connect?: string;
    readonly notify: boolean;
  };

/** `esim phone download`: a whole profile download, as a phone does it. */
export function configure(command: Command): void {
  faultOption(phoneOptions(command))
    .argument('[code]', 'activation code, or PNG file of its QR code; none: the default SM-DP+')
    .option('--confirmation-code <code>', 'the code that the operator told the user')
    .option(
      '--save-upp <file>',
      'write the decrypted profile package there; it holds the keys of the subscription',
    )
    .option('--no-notify', 'keep the notification on the phone')
    .option('--connect <host:port>', 'connect there, whatever the address says', valueBy(parseSmdpAddress))
    .action(downloadProfile);
  examples(command, {
    "esim phone download 'LPA:1$localhost:8443$K2-XYZ'": 'download by activation code',
    'esim phone download code.png --confirmation-code 2468':
      'by the image of a QR code, with a confirmation code',
    "esim phone download 'LPA:1$…' --fault eum-expired": 'as a phone with an expired EUM certificate',
    'esim phone download': 'from the default SM-DP+, which finds the profile by the EID',
  });
}

async function downloadProfile(given: string | undefined, options: Options): Promise<void> {
  const code = given === undefined ? undefined : await activationCodeFrom(given);
  const misdeed = await misdeedOf(options, localConfig());
  await using phone = await openOrCreate(options.name, misdeed);
  using lpa = lpaOf(phone, { ...options, misdeed });
  const source = code ?? { smdpAddress: defaultAddress(phone) };
  const agrees = misdeed?.step === 'cancelSession' ? declining : consent;
  const wish = { source, consent: agrees, confirmationCode: codesFrom(options.confirmationCode) };
  const downloaded = await namingSession(lpa, (env) =>
    failingClearly('the download failed', () => download(wish, env)),
  ).catch(async (error) => {
    if (options.notify) await report(lpa); // a failed installation is told too
    throw error;
  });
  if (options.saveUpp !== undefined) await savePackage(phone, downloaded, options.saveUpp);
  const sent = options.notify ? (await report(lpa)).sent.length : 0;
  const { iccid, profileName, serviceProviderName } = downloaded;
  show(
    options,
    {
      phone: options.name,
      eid: phone.card().eid,
      iccid,
      profile_name: profileName,
      service_provider_name: serviceProviderName,
      state: 'disabled',
      notifications_sent: sent,
    },
    `The profile ${iccid} is on the phone '${options.name}'. Use it: esim phone enable ${iccid}`,
  );
}

/** The first download makes the first phone, so that one command is enough. */
async function openOrCreate(name: string, misdeed: Misdeed | undefined): Promise<Phone> {
  const config = localConfig();
  const place = { dataDir: config.dataDir, name };
  if (name === defaultPhone && (await readPhone(place)) === undefined) {
    const { eid } = await createPhone(config, { name });
    note(`made the phone '${name}' with EID ${eid}`);
  }
  return openPhone(place, misdeed?.execute);
}

function defaultAddress(phone: Phone): string {
  const { defaultDpAddress } = phone.card();
  if (defaultDpAddress === '')
    throw new CliError('the phone has no default SM-DP+: give an activation code', 2);
  return defaultDpAddress;
}

/** Rules that bind the user are put to the user; a program that runs the command agrees by running it. */
const consent: Consent = async (_metadata, rules) => {
  if (rules.length === 0) return true;
  note(`the operator has rules for this profile: ${rules.join(', ')}`);
  const answer = await ask('Install it? [y/N] ');
  return answer === undefined || /^y(es)?$/i.test(answer);
};

/** A fault of CancelSession shows only when the user says no. */
const declining: Consent = async () => {
  note('the user says no, so that the session is cancelled');
  return false;
};

/** The given code first; after that, or without one, whoever sits at the terminal is asked. */
function codesFrom(given: string | undefined): AskConfirmationCode {
  return async (again) => {
    if (!again && given !== undefined) return given;
    if (again) note('the confirmation code is wrong');
    return ask('Confirmation code: ');
  };
}

async function savePackage({ card }: Phone, { iccid }: Downloaded, file: string): Promise<void> {
  const installed = card().profiles.find((profile) => profile.iccid === iccid);
  if (installed === undefined) throw new CliError(`the profile ${iccid} is not on the phone`);
  try {
    await writeFile(file, installed.upp, { mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`the profile is installed, but ${file} cannot be written (${code})`);
  }
  note(`wrote ${installed.upp.length} bytes to ${file}`);
}
