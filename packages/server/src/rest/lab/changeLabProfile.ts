import { Type } from '@sinclair/typebox';
import { Iccid } from '../../shapes/iccid.ts';
import { closed } from '../../shapes/shape.ts';
import { type Operation, operation } from '../frame/operation.ts';
import { type LabChange, LabPhoneState } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

const ProfileParams = Type.Object({ iccid: Iccid }, closed);

type Route = Pick<Operation, 'operationId' | 'method' | 'url' | 'summary'>;

/** The three operations differ in what the phone does with the profile. */
function changing(change: LabChange, route: Route): Operation {
  return operation({
    ...route,
    permissions: ['order'],
    params: ProfileParams,
    answers: {
      200: {
        description: 'The phone afterwards. The SM-DP+ has the notification, or it waits',
        schema: LabPhoneState,
      },
      400: { description: 'The ICCID is not valid', code: 'invalid_iccid' },
      404: { description: 'The profile is not on the phone', code: 'lab_not_found' },
      409: { description: 'The eUICC refuses, or the phone is doing something else', code: 'lab_refused' },
    },
    respond: (services: LabServices, { params }) =>
      onLabPhone(services, async (phone) => {
        await phone.change(params.iccid, change);
        return phone.state();
      }),
  });
}

const PROFILE = '/api/v1/esim/lab/phone/profiles/:iccid';

export const enableLabProfile = changing('enable', {
  operationId: 'enableLabProfile',
  method: 'POST',
  url: `${PROFILE}/enable`,
  summary: 'Enable a profile on the phone of the lab; the one that was enabled is disabled',
});

export const disableLabProfile = changing('disable', {
  operationId: 'disableLabProfile',
  method: 'POST',
  url: `${PROFILE}/disable`,
  summary: 'Disable a profile on the phone of the lab',
});

export const deleteLabProfile = changing('delete', {
  operationId: 'deleteLabProfile',
  method: 'DELETE',
  url: PROFILE,
  summary: 'Delete a profile from the phone of the lab',
});
