import type { Es9Channel, Es10Channel, HttpAnswer } from '@esim-rsp/euicc';

/** A command that the LPA sent to the card, with what the card answered. */
export type CardCall = {
  readonly to: 'euicc';
  readonly command: Uint8Array;
  readonly sw: number;
  readonly data: Uint8Array;
};

/** A call of ES9+ that the LPA made, with what came back: an answer, or the error that prevented one. */
export type ServerCall = {
  readonly to: 'smdp';
  readonly address: string;
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
} & ({ readonly answer: HttpAnswer } | { readonly error: Error });

export type PhoneCall = CardCall | ServerCall;

/** The same channel; each command is passed on, with its answer, before the LPA sees it. */
export function reportCommands(es10: Es10Channel, onCall: (call: CardCall) => void): Es10Channel {
  return {
    transmit: async (command) => {
      const { sw, data } = await es10.transmit(command);
      onCall({ to: 'euicc', command, sw, data });
      return { sw, data };
    },
  };
}

/** The same channel; each call is passed on, with its answer or error, before the LPA sees it. */
export function reportCalls(es9: Es9Channel, onCall: (call: ServerCall) => void): Es9Channel {
  return {
    post: async (address, path, body) => {
      const call = { to: 'smdp', address, path, body } as const;
      try {
        const answer = await es9.post(address, path, body);
        onCall({ ...call, answer });
        return answer;
      } catch (error) {
        if (error instanceof Error) onCall({ ...call, error });
        throw error;
      }
    },
  };
}
