import { ConnectionFailure } from '@esim-rsp/euicc';
import { faults } from '@esim-rsp/euicc/fault/named';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import type { Command } from 'commander';
import { CliError, examples, ProgramExit } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { note, show } from '../../output.ts';
import { LOOPBACK, listen } from '../../phone/apdu/listen.ts';
import { type Answering, answerLine } from '../../phone/apdu/lpac.ts';
import { runProgram } from '../../phone/apdu/run-program.ts';
import { terminalOf } from '../../phone/apdu/terminal.ts';
import { type FaultOption, faultOption, isOfCard, misdeedOf } from '../../phone/misdeed.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { openPhone } from '../../phone/phone.ts';
import { es9Transport, type HttpsTransport, type Outgoing } from '../../phone/transport.ts';
import { stopSignal } from '../../stop-signal.ts';
import { numberFrom } from '../../values.ts';

type Options = PhoneOptions & FaultOption & { readonly listen?: number; readonly connect?: string };

/** `esim phone apdu`: lends the card of a phone to another LPA, which speaks to it as lpac does over stdio. */
export function configure(command: Command): void {
  faultOption(phoneOptions(command))
    .argument('[program...]', 'the LPA and its arguments')
    .option(
      '--listen <port>',
      `take clients at ${LOOPBACK} until Ctrl-C; 0 for a free port`,
      numberFrom(0, 65_535),
    )
    .option('--connect <host:port>', 'connect there for HTTP, whatever the URL says')
    .passThroughOptions()
    .action(apdu);
  examples(command, {
    'esim phone apdu -- lpac chip info': 'let lpac look at the card',
    "esim phone apdu -- lpac profile download -a 'LPA:1$localhost:8443$…'": 'let lpac download a profile',
    'esim phone apdu --name second -- lpac profile list': 'the same with another phone',
    'esim phone apdu --fault wrong-euicc-signature1 -- lpac profile download': 'with a card that misbehaves',
    'esim phone apdu --listen 35963': 'offer the card to programs on this machine',
  });
}

async function apdu(program: readonly string[], options: Options): Promise<void> {
  const [path, ...args] = program;
  if ((path === undefined) === (options.listen === undefined))
    throw new CliError('give either a program after --, or --listen with a port', 2);
  const config = localConfig();
  const misdeed = await misdeedOf(ofCard(options), config);
  await using phone = await openPhone({ dataDir: config.dataDir, name: options.name }, misdeed?.execute);
  const trust = phone.card().ciCertificates.map((certificate) => trustCi(certificate));
  const { connect: connectTo } = options;
  using https = es9Transport({ trust, ...(connectTo !== undefined && { connectTo }) });
  const answering = { terminal: terminalOf(phone), http: (message: Outgoing) => asked(https, message) };
  if (path !== undefined) return await lend(options, { path, args }, answering);
  await offer(options, answering);
}

/** The LPA is another program: only what the card does can be done wrong here. */
function ofCard(options: Options): FaultOption {
  if (options.fault !== undefined && !isOfCard(faults[options.fault]))
    throw new CliError(
      `${options.fault} is a fault of the LPA: a program that borrows the card has its own`,
      2,
    );
  return options;
}

/** The answer of a server that has proved itself; otherwise a remark tells what the program cannot. */
async function asked(https: HttpsTransport, message: Outgoing) {
  try {
    return await https.send(message);
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    note(error.message);
    return undefined;
  }
}

type Called = { readonly path: string; readonly args: readonly string[] };

/** Runs the program; what it writes besides its requests is what the user sees. */
async function lend({ name, json }: Options, called: Called, answering: Answering): Promise<void> {
  const output: unknown[] = [];
  const exitCode = await runProgram({
    ...called,
    answer: (line) => answerLine(line, answering),
    onLine: (line) => {
      if (json) output.push(valueIn(line));
      else process.stdout.write(`${line}\n`);
    },
  });
  if (json) show({ json }, { phone: name, exit_code: exitCode, output }, '');
  if (exitCode !== 0) throw new ProgramExit(exitCode);
}

function valueIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

async function offer(options: Options, answering: Answering): Promise<void> {
  const { name, listen: wanted = 0 } = options;
  await listen({
    port: wanted,
    answer: (line) => answerLine(line, answering),
    onGone: answering.terminal.disconnect,
    onReady: (free) =>
      show(
        options,
        { phone: name, host: LOOPBACK, port: free },
        `The card of the phone '${name}' is at ${LOOPBACK}:${free}, one client at a time. Ctrl-C ends this.`,
      ),
    stopped: stopSignal(),
  });
}
