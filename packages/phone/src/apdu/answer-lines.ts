import { ConnectionFailure } from '@esim-rsp/euicc';
import type { HttpsTransport } from '../transport.ts';
import { answerLine } from './lpac.ts';
import type { Terminal } from './terminal.ts';

/** The answer to a line of a program; undefined for a line that asks for nothing. */
export type AnswerLine = (line: string) => Promise<string | undefined>;

/**
 * Answers a program that speaks lpac's stdio protocol: APDUs go to the card of the phone, HTTP to servers under its CIs. The protocol has
 * no words for a server that cannot be reached or trusted: `onUnreachable` gets them.
 */
export function answerLinesOf(
  phone: { readonly terminal: () => Terminal; readonly https: HttpsTransport },
  onUnreachable: (failure: ConnectionFailure) => void,
): { readonly answer: AnswerLine; readonly disconnect: () => Promise<void> } {
  const terminal = phone.terminal();
  const http: Parameters<typeof answerLine>[1]['http'] = async (message) => {
    try {
      return await phone.https.send(message);
    } catch (error) {
      if (!(error instanceof ConnectionFailure)) throw error;
      onUnreachable(error);
      return undefined;
    }
  };
  return { answer: (line) => answerLine(line, { terminal, http }), disconnect: terminal.disconnect };
}
