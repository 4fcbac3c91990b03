import { refusals } from '@esim-rsp/sgp22/status';

/** Who calls ES2+, as the transport found out. */
export type Requester = {
  readonly account: string;
  /** functionCallIdentifier of the header (5.2.4); absent: no repeat of this call can be recognised by it. */
  readonly functionCallIdentifier?: string;
};

/** The refusals that the functions of ES2+ share. A profile of somebody else is as unknown as one that does not exist. */
export const refuse = refusals({
  iccidUnknown: ['8.2.1', '3.9', 'no profile with this ICCID'],
  smdsUnreachable: [
    '8.9',
    '5.1',
    'this SM-DP+ works with no SM-DS: leave smdsAddress out, and the device finds its order by the activation code or by its EID',
  ],
});
