import { setTimeout as wait } from 'node:timers/promises';
import { type LabAnswer, LabError, type LabQuestion } from '@esim-rsp/server/rest/lab/lab-phone';

/** Somewhat less than the server keeps the session of a phone that waits for its user. */
const ANSWER_WITHIN_MS = 240_000;

/** The question of a download that waits for its user. */
export type Questions = {
  readonly asked: LabQuestion | undefined;
  /** Resolves to the answer; undefined if there was none in time. */
  ask(question: LabQuestion): Promise<LabAnswer | undefined>;
  /** Throws a LabError if nothing is asked, or the answer does not fit. */
  answer(answer: LabAnswer): void;
};

export function createQuestions(onAsked: (question: LabQuestion) => void): Questions {
  let asked: LabQuestion | undefined;
  let resolve: ((answer: LabAnswer) => void) | undefined;
  return {
    get asked() {
      return asked;
    },
    ask: async (question) => {
      const answered = Promise.withResolvers<LabAnswer>();
      [asked, resolve] = [question, answered.resolve];
      onAsked(question);
      const late = new AbortController();
      try {
        return await Promise.race([
          answered.promise,
          wait(ANSWER_WITHIN_MS, undefined, { signal: late.signal, ref: false }),
        ]);
      } finally {
        late.abort();
        asked = undefined;
      }
    },
    answer: (answer) => {
      if (asked === undefined) throw new LabError('lab_not_found', 'the phone asks nothing at the moment');
      if (asked.kind === 'confirmation_code' && answer.agrees && answer.confirmation_code === undefined)
        throw new LabError('invalid_value', 'the phone asks for a confirmation_code');
      asked = undefined;
      resolve?.(answer);
    },
  };
}
