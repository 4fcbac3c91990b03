import { type Static, Type } from '@sinclair/typebox';
import { Iccid } from '../../shapes/iccid.ts';
import { about, literals, named } from '../../shapes/shape.ts';

const Id = Type.String({ description: 'Its number in the process that runs the phone', examples: ['7'] });

const LabProfile = Type.Object(
  {
    iccid: Iccid,
    state: literals(['enabled', 'disabled'], 'Whether the phone uses it'),
    profile_name: Type.String({ description: 'The name that the phone shows' }),
    service_provider_name: Type.String({ description: 'Who offers it' }),
    profile_class: Type.String({ description: 'test, provisioning or operational' }),
    icon: Type.Optional(Type.String({ description: 'Its icon as a data URL' })),
  },
  { $id: 'LabProfile', description: 'A profile on the phone of the lab' },
);

const LabQuestion = Type.Object(
  {
    kind: literals(['consent', 'confirmation_code'], 'What the user must say'),
    profile_name: Type.String({ description: 'The name of the profile; empty for a confirmation code' }),
    service_provider_name: Type.String({ description: 'Who offers it; empty likewise' }),
    icon: Type.Optional(Type.String({ description: 'Its icon as a data URL' })),
    rules: Type.Array(Type.String(), { description: 'What its policy rules will forbid, in words' }),
    again: Type.Boolean({ description: 'Whether the confirmation code before was wrong' }),
  },
  { $id: 'LabQuestion', description: 'What the phone asks its user' },
);

export const LabDownload = Type.Object(
  {
    id: Id,
    started_at: Type.String({ format: 'date-time', description: 'When it started' }),
    question: Type.Optional(about('What the phone asks its user', LabQuestion)),
  },
  { $id: 'LabDownload', description: 'A download on the phone of the lab. Its events show how it continues' },
);

export const LabPhoneState = Type.Object(
  {
    eid: Type.String({ description: 'The EID of its eUICC' }),
    free_memory: Type.Integer({ description: 'Octets that profiles do not use' }),
    profiles: Type.Array(LabProfile, { description: 'The profiles on it' }),
    notifications: Type.Integer({ description: 'Notifications that no server has yet' }),
    download: Type.Optional(about('The download in progress', LabDownload)),
    last_event: Type.Integer({ description: 'The id of its last event' }),
  },
  { $id: 'LabPhone', description: 'The phone of the lab' },
);

const LabCallSummary = Type.Object(
  {
    id: Id,
    to: literals(['euicc', 'smdp'], 'Which of the two the LPA called'),
    function: Type.String({
      description: 'The function of ES10 or ES9+',
      examples: ['initiateAuthentication'],
    }),
    about: Type.String({ description: 'What the call is for, in words' }),
    outcome: literals(['done', 'refused', 'failed'], 'How it ended'),
    subject_code: Type.Optional(Type.String({ description: 'The subject code of a refusal' })),
    reason_code: Type.Optional(Type.String({ description: 'The reason code of a refusal' })),
    message: Type.Optional(Type.String({ description: 'What a refusal or an error means' })),
    sent: Type.Integer({ description: 'Octets of the request' }),
    received: Type.Integer({ description: 'Octets of the answer' }),
    parts: Type.Integer({ description: 'How many commands it took: a package is loaded in many' }),
  },
  { $id: 'LabCallSummary', description: 'A call of the LPA' },
);

const LabMessage = Type.Object(
  {
    explained: Type.String({
      description: 'What it carries, in words, a line for each part; secrets are hidden',
    }),
    octets: Type.String({ description: 'Its octets: hexadecimal for the eUICC, JSON for an SM-DP+' }),
    is_cut: Type.Boolean({ description: 'Whether the octets are longer than what is kept' }),
  },
  { $id: 'LabMessage', description: 'One message of a call' },
);

export const LabCall = Type.Object(
  {
    call: about('The call', LabCallSummary),
    request: about('What the LPA sent', LabMessage),
    answer: Type.Optional(about('What came back; absent: nothing did', LabMessage)),
  },
  { $id: 'LabCall', description: 'A call of the LPA with what it carried' },
);

const LabStep = Type.Object(
  {
    name: Type.String({ description: 'The step of the LPA' }),
    text: Type.String({ description: 'What happened, in words' }),
    transaction_id: Type.Optional(Type.String({ description: 'The session at the SM-DP+' })),
  },
  { $id: 'LabStep', description: 'A step of the LPA that is done' },
);

const LabEnd = Type.Object(
  {
    outcome: literals(['installed', 'declined', 'refused', 'failed'], 'How the download ended'),
    message: Type.String({ description: 'In words' }),
    advice: Type.Optional(Type.String({ description: 'What to do about it' })),
    iccid: Type.Optional(Iccid),
    step: Type.Optional(Type.String({ description: 'The step at which it ended' })),
    subject_code: Type.Optional(Type.String({ description: 'The subject code of a refusal' })),
    reason_code: Type.Optional(Type.String({ description: 'The reason code of a refusal' })),
    transaction_id: Type.Optional(
      Type.String({ description: 'The session at the SM-DP+, whose download attempt has every check' }),
    ),
  },
  { $id: 'LabEnd', description: 'The end of a download' },
);

export const LabEvent = Type.Object(
  {
    id: Type.Integer({ description: 'Rises by one with each event of the process' }),
    type: literals(
      ['download.started', 'step', 'call', 'question', 'download.ended', 'phone.changed'],
      'What happened; the member of the same name says more',
    ),
    at: Type.String({ format: 'date-time', description: 'When' }),
    download_id: Type.Optional(Id),
    step: Type.Optional(about('The step that is done', LabStep)),
    call: Type.Optional(about('The call that has ended', LabCallSummary)),
    question: Type.Optional(about('What the phone asks its user', LabQuestion)),
    end: Type.Optional(about('How the download ended', LabEnd)),
  },
  { $id: 'LabEvent', description: 'Something that happened on the phone of the lab' },
);

export const LabFault = Type.Object(
  {
    name: Type.String({ description: 'Its name' }),
    about: Type.String({ description: 'What the phone does wrong, in words' }),
    by: literals(['euicc', 'lpa'], 'Which part of the phone does it'),
    step: Type.String({ description: 'The function of ES9+ at which the server can see it' }),
    refused: Type.Optional(
      Type.String({
        description: 'Subject and reason code of the refusal; any, if the specification names none',
      }),
    ),
  },
  { $id: 'LabFault', description: 'Something that the phone of the lab can do wrong on request' },
);

export const LabDownloadRequest = named(
  'LabDownloadRequest',
  Type.Object(
    {
      activation_code: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1000,
          description:
            'The activation code, or an installation link; without it the phone asks its default SM-DP+',
          examples: ['LPA:1$localhost:8443$K2-XYZ'],
        }),
      ),
      fault: Type.Optional(
        Type.String({ maxLength: 100, description: 'What the phone does wrong: see listLabFaults' }),
      ),
    },
    { additionalProperties: false, description: 'A download to start' },
  ),
);

export const LabAnswer = named(
  'LabAnswer',
  Type.Object(
    {
      agrees: Type.Boolean({ description: 'Whether the download may continue' }),
      confirmation_code: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 100,
          description: 'The code that the user has from the operator',
        }),
      ),
    },
    { additionalProperties: false, description: 'What the user says' },
  ),
);

export type LabPhoneState = Static<typeof LabPhoneState>;
export type LabProfile = Static<typeof LabProfile>;
export type LabDownload = Static<typeof LabDownload>;
export type LabQuestion = Static<typeof LabQuestion>;
export type LabEvent = Static<typeof LabEvent>;
export type LabCallSummary = Static<typeof LabCallSummary>;
export type LabCall = Static<typeof LabCall>;
export type LabMessage = Static<typeof LabMessage>;
export type LabEnd = Static<typeof LabEnd>;
export type LabStep = Static<typeof LabStep>;
export type LabFault = Static<typeof LabFault>;
export type LabDownloadRequest = Static<typeof LabDownloadRequest>;
export type LabAnswer = Static<typeof LabAnswer>;
export type LabChange = 'enable' | 'disable' | 'delete';

/** Why the phone of the lab does not do what it was asked to. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: 'lab_busy' | 'lab_not_found' | 'lab_refused' | 'invalid_value';

  constructor(code: LabError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A phone that runs in the process of the server, for demos and labs. It does one thing at a time. The functions throw a LabError.
 * The program that starts the server passes it; a server without it has no operations under /lab.
 */
export type LabPhone = {
  state(): Promise<LabPhoneState>;
  readonly faults: readonly LabFault[];
  /** Starts a download, which continues after the promise has resolved. */
  download(request: LabDownloadRequest): Promise<LabDownload>;
  /** Answers the question of a download. */
  answer(downloadId: string, answer: LabAnswer): void;
  /** Changes a profile, and sends the notification. */
  change(iccid: string, change: LabChange): Promise<void>;
  /** Tries again to send the notifications that no server has. */
  sendNotifications(): Promise<void>;
  /** One of the last calls. */
  call(callId: string): LabCall | undefined;
  /** The events after this one that are still kept, oldest first. */
  eventsAfter(id: number): readonly LabEvent[];
  /** Resolves when there is an event after this one, or at `ended`. */
  nextEvent(id: number, ended: AbortSignal): Promise<void>;
};
