import { operation } from '../frame/operation.ts';
import { LabPhoneState } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

export const sendLabNotifications = operation({
  operationId: 'sendLabNotifications',
  method: 'POST',
  url: '/api/v1/esim/lab/phone/notifications',
  permissions: ['order'],
  summary: 'Send the notifications that are still on the phone of the lab',
  answers: {
    200: { description: 'The phone afterwards', schema: LabPhoneState },
    409: { description: 'The phone is doing something else', code: 'lab_busy' },
  },
  respond: (services: LabServices) =>
    onLabPhone(services, async (phone) => {
      await phone.sendNotifications();
      return phone.state();
    }),
});
