import { writeFile } from 'node:fs/promises';
import type { AskConfirmationCode, Consent, Downloaded, Step } from '@esim-rsp/euicc';
import { hasPhone, type Phone, type PhoneSettings } from '@esim-rsp/phone';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { note, show } from '../../output.ts';
import { activationCodeFrom } from '../../phone/activation-code.ts';
import { ask } from '../../phone/ask.ts';
import { endingClearly, failingClearly } from '../../phone/failure-text.ts';
import { type FaultOption, faultOption, readFault } from '../../phone/fault-option.ts';
import { createLocalPhone } from '../../phone/new-phone.ts';
import { defaultPhone, type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { sendWaiting } from '../../phone/send-waiting.ts';
import { noteStep, withPhone } from '../../phone/with-phone.ts';
import { readOptionalSecret, SECRET_FORMS } from '../../secret-value.ts';
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
    .argument(
      '[code]',
      'activation code, or PNG file of its QR code; without it the phone asks its default SM-DP+',
    )
    .option('--confirmation-code <code>', `the code that the user has from the operator: ${SECRET_FORMS}`)
    .option(
      '--save-upp <file>',
      'write the decrypted profile package to a file; it contains the keys of the subscription',
    )
    .option('--no-notify', 'keep the notification on the phone')
    .option(
      '--connect <host:port>',
      'connect to this address instead of the one in the profile or code',
      valueBy(parseSmdpAddress),
    )
    .action(downloadProfile);
  examples(command, {
    "esim phone download 'LPA:1$localhost:8443$K2-XYZ'": 'download with an activation code',
    'esim phone download code.png --confirmation-code @code.txt':
      'download with the image of a QR code and a confirmation code',
    "esim phone download 'LPA:1$…' --fault eum-expired": 'as a phone with an expired EUM certificate',
    'esim phone download': 'download from the default SM-DP+, which finds the profile by the EID',
  });
}

async function downloadProfile(text: string | undefined, options: Options): Promise<void> {
  const code = await readOptionalSecret('--confirmation-code', options.confirmationCode);
  const source = text === undefined ? undefined : await activationCodeFrom(text);
  const config = localConfig();
  const fault = await endingClearly(options.name, () => readFault(options));
  if (options.name === defaultPhone) await createDefaultPhone(config);
  const { settings, naming } = sessionNaming();
  await withPhone(options.name, { ...settings, fault, connectTo: options.connect }, async (phone) => {
    const user = { consent: askConsent, confirmationCode: codesFrom(code) };
    const downloaded = await naming(() =>
      failingClearly('the download failed', () => phone.download(source, user)),
    ).catch(async (error) => {
      if (options.notify) await sendWaiting(phone); // a failed installation is reported too
      throw error;
    });
    if (options.saveUpp !== undefined) await savePackage(phone, downloaded, options.saveUpp);
    const sent = options.notify ? (await sendWaiting(phone)).sent.length : 0;
    showDownloaded(phone, downloaded, sent, options);
  });
}

/** The first download creates the first phone, so that one command is enough. */
async function createDefaultPhone(config: ReturnType<typeof localConfig>): Promise<void> {
  if (await hasPhone({ dataDir: config.dataDir, name: defaultPhone })) return;
  const { eid } = await endingClearly(defaultPhone, () => createLocalPhone(config, { name: defaultPhone }));
  note(`created the phone '${defaultPhone}' with EID ${eid}`);
}

/** Remembers the session from the steps; an error of what it runs names the session, by which the operator finds it at the server. */
function sessionNaming() {
  let session: Step['transactionId'];
  const settings: PhoneSettings = {
    onStep: (step) => {
      session = step.transactionId ?? session;
      noteStep(step);
    },
  };
  const naming = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CliError) || session === undefined) throw error;
      throw new CliError(
        `${error.message}; the session at the server: ${session}`,
        error.exitCode,
        error.details,
      );
    }
  };
  return { settings, naming };
}

function showDownloaded(phone: Phone, downloaded: Downloaded, sent: number, options: Options): void {
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
    `The profile ${iccid} is on the phone '${options.name}'. Use it: esim phone profile enable ${iccid}`,
  );
}

/** Asks the user about policy rules, if there is a terminal; a program that runs the command agrees by running it. */
const askConsent: Consent = async (_metadata, rules) => {
  if (rules.length === 0) return true;
  note(`the operator has rules for this profile: ${rules.join(', ')}`);
  const answer = await ask('Install it? [y/N] ');
  return answer === undefined || /^y(es)?$/i.test(answer);
};

/** The code of the option first; after that, or without it, the user is asked if there is a terminal. */
function codesFrom(option: string | undefined): AskConfirmationCode {
  return async (again) => {
    if (!again && option !== undefined) return option;
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
