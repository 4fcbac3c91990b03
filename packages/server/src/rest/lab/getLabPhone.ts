import { operation } from '../frame/operation.ts';
import { LabPhoneState } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

export const getLabPhone = operation({
  operationId: 'getLabPhone',
  method: 'GET',
  url: '/api/v1/esim/lab/phone',
  permissions: ['read'],
  summary:
    'Show the phone of the lab with its profiles. Only a server that runs such a phone has this operation',
  answers: {
    200: { description: 'The phone', schema: LabPhoneState },
    409: { description: 'Another process uses the phone', code: 'lab_busy' },
  },
  respond: (services: LabServices) => onLabPhone(services, (phone) => phone.state()),
});
