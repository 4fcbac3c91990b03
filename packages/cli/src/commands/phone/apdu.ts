import { faults } from '@esim-rsp/euicc/fault';
import { answerLinesOf, isCardFault, LOOPBACK, listen, type Phone, startProgram } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { CliError, examples, ProgramExit } from '../../command.ts';
import { note, show } from '../../output.ts';
import { endingClearly } from '../../phone/failure-text.ts';
import { type FaultOption, faultOption, readFault } from '../../phone/fault-option.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { withPhone } from '../../phone/with-phone.ts';
import { stopSignal, stopSignals } from '../../stop-signal.ts';
import { numberFrom } from '../../values.ts';

type Options = PhoneOptions & FaultOption & { readonly listen?: number; readonly connect?: string };

/** `esim phone apdu`: lets another LPA use the card of a phone, by lpac's stdio protocol. */
export function configure(command: Command): void {
  faultOption(phoneOptions(command))
    .argument('[program...]', 'the LPA and its arguments')
    .option(
      '--listen <port>',
      `accept clients at ${LOOPBACK} until Ctrl-C; 0 for a free port`,
      numberFrom(0, 65_535),
    )
    .option('--connect <host:port>', 'connect to this address for HTTP, instead of the one in the URL')
    .passThroughOptions()
    .action(apdu);
  examples(command, {
    'esim phone apdu -- lpac chip info': 'let lpac read the card',
    "esim phone apdu -- lpac profile download -a 'LPA:1$localhost:8443$…'": 'let lpac download a profile',
    'esim phone apdu --name second -- lpac profile list': 'the same with another phone',
    'esim phone apdu --fault wrong-euicc-signature1 -- lpac profile download':
      'with a card that does something wrong',
    'esim phone apdu --listen 35963': 'offer the card to programs on this machine',
  });
}

async function apdu(program: readonly string[], options: Options): Promise<void> {
  const [path, ...args] = program;
  if ((path === undefined) === (options.listen === undefined))
    throw new CliError('use either a program after --, or --listen with a port', 2);
  const fault = await endingClearly(options.name, () => readFault(ofCard(options)));
  await withPhone(options.name, { fault, connectTo: options.connect }, (phone) =>
    path === undefined ? offer(phone, options) : lend(phone, { path, args }, options),
  );
}

/** The LPA is another program, so only the card can do something wrong here. */
function ofCard(options: Options): FaultOption {
  if (options.fault !== undefined && !isCardFault(faults[options.fault]))
    throw new CliError(`${options.fault} is a fault of the LPA: the program has its own LPA`, 2);
  return options;
}

const answersOf = (phone: Phone) => answerLinesOf(phone, ({ message }) => note(message));

type Called = { readonly path: string; readonly args: readonly string[] };

/** Runs the program; the user sees what it writes besides its requests. */
async function lend(phone: Phone, called: Called, { json }: Options): Promise<void> {
  const output: unknown[] = [];
  const onLine = (line: string) => {
    if (json) output.push(valueIn(line));
    else process.stdout.write(`${line}\n`);
  };
  const { ended, kill } = startProgram({ ...called, answer: answersOf(phone).answer, onLine });
  for (const signal of stopSignals) process.on(signal, kill);
  const exitCode = await ended.finally(() => {
    for (const signal of stopSignals) process.off(signal, kill);
  });
  if (json) show({ json }, { phone: phone.name, exit_code: exitCode, output }, '');
  if (exitCode !== 0) throw new ProgramExit(exitCode);
}

function valueIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** Listens for programs until a signal ends the command. */
async function offer(phone: Phone, options: Options): Promise<void> {
  const { name, listen: wanted = 0 } = options;
  const { answer, disconnect } = answersOf(phone);
  await listen({
    port: wanted,
    answer,
    onGone: disconnect,
    onRejected: note,
    onReady: (free) =>
      show(
        options,
        { phone: name, host: LOOPBACK, port: free },
        `The card of the phone '${name}' is at ${LOOPBACK}:${free}, one client at a time. Ctrl-C ends this.`,
      ),
    stopped: stopSignal(),
  });
}
