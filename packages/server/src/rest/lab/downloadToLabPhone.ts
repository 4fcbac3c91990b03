import { operation } from '../frame/operation.ts';
import { LabDownload, LabDownloadRequest } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

export const downloadToLabPhone = operation({
  operationId: 'downloadToLabPhone',
  method: 'POST',
  url: '/api/v1/esim/lab/phone/downloads',
  permissions: ['order'],
  summary:
    'Start a download on the phone of the lab. Its events show each call, and ask what the user must say',
  body: LabDownloadRequest,
  answers: {
    202: { description: 'The download has started', schema: LabDownload },
    400: { description: 'There is no such fault, or the code is no activation code', code: 'invalid_value' },
    409: { description: 'The phone is doing something else', code: 'lab_busy' },
  },
  respond: async (services: LabServices, { body }, reply) => {
    const download = await onLabPhone(services, (phone) => phone.download(body));
    reply.status(202);
    return download;
  },
});
