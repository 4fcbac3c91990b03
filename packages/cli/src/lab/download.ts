import { LpaFailure, type Source, type Step } from '@esim-rsp/euicc';
import type { Phone } from '@esim-rsp/phone';
import type { LabAnswer, LabDownload, LabEnd } from '@esim-rsp/server/rest/lab/lab-phone';
import type { EventJournal } from './events.ts';
import { iconOf } from './icon.ts';
import { createQuestions, type Questions } from './questions.ts';

/** A download that is in progress. */
export type RunningDownload = {
  readonly id: string;
  state(): LabDownload;
  step(step: Step): void;
  /** Throws a LabError. */
  answer(answer: LabAnswer): void;
  /** Never rejects. */
  readonly ended: Promise<LabEnd>;
};

let lastId = 0;

/** Starts a download and writes its events. The caller waits for its end and writes that event. */
export function runDownload(phone: Phone, source: Source | undefined, events: EventJournal): RunningDownload {
  const id = String(++lastId);
  const startedAt = new Date().toISOString();
  const questions = createQuestions((question) =>
    events.add({ type: 'question', download_id: id, question }),
  );
  let session: Step['transactionId'];
  events.add({ type: 'download.started', download_id: id });
  const ended = downloadWith(phone, source, questions).then((end) => ({
    ...end,
    ...(session !== undefined && { transaction_id: session }),
  }));
  return {
    id,
    state: () => ({
      id,
      started_at: startedAt,
      ...(questions.asked !== undefined && { question: questions.asked }),
    }),
    step: ({ name, text, transactionId }) => {
      session = transactionId ?? session;
      const step = { name, text, ...(transactionId !== undefined && { transaction_id: transactionId }) };
      events.add({ type: 'step', download_id: id, step });
    },
    answer: questions.answer,
    ended,
  };
}

async function downloadWith(phone: Phone, source: Source | undefined, questions: Questions): Promise<LabEnd> {
  try {
    const { iccid, profileName } = await phone.download(source, userAsking(questions));
    await phone.sendNotifications();
    return {
      outcome: 'installed',
      iccid,
      message: `"${profileName}" is on the phone. It is not enabled yet`,
    };
  } catch (error) {
    await phone.sendNotifications().catch(() => undefined); // a failed installation is reported too
    if (error instanceof LpaFailure) return endOf(error);
    return { outcome: 'failed', message: error instanceof Error ? error.message : 'the phone has an error' };
  }
}

function endOf({ message, step, status, advice }: LpaFailure): LabEnd {
  return {
    outcome: status !== undefined ? 'refused' : step === 'consent' ? 'declined' : 'failed',
    message,
    step,
    ...(advice !== undefined && { advice }),
    ...(status !== undefined && { subject_code: status.subjectCode, reason_code: status.reasonCode }),
  };
}

type User = NonNullable<Parameters<Phone['download']>[1]>;

/** The user at the screen: what the phone asks goes there. */
function userAsking(questions: Questions): User {
  return {
    consent: async (metadata, rules) => {
      const icon = iconOf(metadata);
      const answer = await questions.ask({
        kind: 'consent',
        profile_name: metadata.profileName,
        service_provider_name: metadata.serviceProviderName,
        ...(icon !== undefined && { icon }),
        rules: [...rules],
        again: false,
      });
      return answer?.agrees ?? false;
    },
    confirmationCode: async (again) => {
      const empty = { profile_name: '', service_provider_name: '', rules: [] };
      const answer = await questions.ask({ kind: 'confirmation_code', ...empty, again });
      return answer?.agrees ? answer.confirmation_code : undefined;
    },
  };
}
