import { Type } from '@sinclair/typebox';
import { operation } from '../frame/operation.ts';
import { LabFault } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

const LabFaults = Type.Object(
  { faults: Type.Array(LabFault, { description: 'The faults' }) },
  { $id: 'LabFaults', description: 'What the phone of the lab can do wrong' },
);

export const listLabFaults = operation({
  operationId: 'listLabFaults',
  method: 'GET',
  url: '/api/v1/esim/lab/faults',
  permissions: ['read'],
  summary: 'List what the phone of the lab can do wrong on request',
  answers: { 200: { description: 'The faults', schema: LabFaults } },
  respond: (services: LabServices) => onLabPhone(services, ({ faults }) => ({ faults: [...faults] })),
});
