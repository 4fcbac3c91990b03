import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import { operation } from '../frame/operation.ts';
import { LabCall, LabError } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

const CallParams = Type.Object(
  {
    callId: Type.String({ minLength: 1, maxLength: 20, description: 'The id of the call', examples: ['12'] }),
  },
  closed,
);

export const getLabCall = operation({
  operationId: 'getLabCall',
  method: 'GET',
  url: '/api/v1/esim/lab/phone/calls/:callId',
  permissions: ['read', 'codes'],
  summary: 'Show what a call of the phone of the lab carried, in words and in octets',
  params: CallParams,
  answers: {
    200: { description: 'The call', schema: LabCall },
    404: { description: 'There is no such call among the last ones', code: 'lab_not_found' },
  },
  respond: (services: LabServices, { params }) =>
    onLabPhone(services, (phone) => {
      const call = phone.call(params.callId);
      if (call !== undefined) return call;
      throw new LabError('lab_not_found', 'there is no such call: only the last ones are kept');
    }),
});
