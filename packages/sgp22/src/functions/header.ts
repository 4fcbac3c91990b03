import type { StatusCode } from '../status.ts';

/** The header of every ES2+ and ES9+ answer (SGP.22 6.5.1.4). */
export type FunctionExecutionStatus =
  | { readonly status: 'Executed-Success' | 'Executed-WithWarning' }
  | {
      readonly status: 'Failed' | 'Expired';
      readonly statusCodeData: {
        readonly subjectCode: string;
        readonly reasonCode: string;
        readonly subjectIdentifier?: string;
        readonly message?: string;
      };
    };

export type ResponseHeader = { readonly functionExecutionStatus: FunctionExecutionStatus };

export const successHeader: ResponseHeader = { functionExecutionStatus: { status: 'Executed-Success' } };

export function failedHeader({ subjectCode, reasonCode, message }: StatusCode): ResponseHeader {
  return {
    functionExecutionStatus: { status: 'Failed', statusCodeData: { subjectCode, reasonCode, message } },
  };
}

/** X-Admin-Protocol: the highest supported release of SGP.22 (6.5.1.3). */
export const ADMIN_PROTOCOL = 'gsma/rsp/v2.5.0';
