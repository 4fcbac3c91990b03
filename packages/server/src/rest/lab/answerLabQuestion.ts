import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import { operation } from '../frame/operation.ts';
import { LabAnswer } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

const DownloadParams = Type.Object(
  {
    downloadId: Type.String({
      minLength: 1,
      maxLength: 20,
      description: 'The id of the download',
      examples: ['7'],
    }),
  },
  closed,
);

export const answerLabQuestion = operation({
  operationId: 'answerLabQuestion',
  method: 'POST',
  url: '/api/v1/esim/lab/phone/downloads/:downloadId/answer',
  permissions: ['order'],
  summary:
    'Say what the phone of the lab asks its user: whether it may install the profile, or the confirmation code',
  params: DownloadParams,
  body: LabAnswer,
  answers: {
    204: { description: 'The download continues, or ends' },
    404: { description: 'There is no such question', code: 'lab_not_found' },
  },
  respond: async (services: LabServices, { params, body }, reply) => {
    await onLabPhone(services, (phone) => phone.answer(params.downloadId, body));
    reply.status(204);
  },
});
