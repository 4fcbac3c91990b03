import { BindingError, type Message, readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, type Es9Request, type Es9Response, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { LpaFailure, refusedBy } from './failure.ts';
import { ConnectionFailure, type Es9Channel, type HttpAnswer, type ReportedStatus } from './ports.ts';

/** Calls a function of ES9+; throws an LpaFailure for anything but its response. */
export async function callEs9<N extends Es9Name>(
  es9: Es9Channel,
  address: string,
  name: N,
  request: Es9Request<N>,
): Promise<Es9Response<N>> {
  const { path, request: members, response } = es9plus[name];
  const answer = await post(es9, { address, name, path, body: writeMessage(members as Message, request) });
  return (
    response === undefined ? readAcknowledgement(name, answer) : read(name, response, answer)
  ) as Es9Response<N>;
}

type Post = {
  readonly address: string;
  readonly name: Es9Name;
  readonly path: string;
  readonly body: Record<string, string>;
};

async function post(es9: Es9Channel, { address, name, path, body }: Post): Promise<HttpAnswer> {
  try {
    return await es9.post(address, path, body);
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    const advice =
      error.kind === 'untrusted'
        ? 'the phone trusts the CIs it was created with: use a server under one of them, or create a phone with the PKI of this server'
        : `check that the server runs and that ${address} leads to it`;
    throw new LpaFailure(name, error.message, { advice }, { cause: error });
  }
}

/** A notification has no answer but 204 (SGP.22 6.3). */
function readAcknowledgement(name: Es9Name, { status }: HttpAnswer): undefined {
  if (status < 200 || status > 299)
    throw new LpaFailure(name, `the server answered with HTTP status ${status}`);
}

function read(name: Es9Name, response: Message, { status, body }: HttpAnswer): unknown {
  if (status !== 200) throw new LpaFailure(name, `the server answered with HTTP status ${status}`);
  const refusal = refusalIn(body);
  if (refusal !== undefined) throw refusedBy(name, refusal);
  try {
    return readMessage(response, body);
  } catch (error) {
    if (!(error instanceof BindingError)) throw error;
    throw new LpaFailure(
      name,
      `the answer of the server cannot be used: ${error.message}`,
      {},
      { cause: error },
    );
  }
}

type Header = {
  readonly header?: {
    readonly functionExecutionStatus?: {
      readonly status?: unknown;
      readonly statusCodeData?: { readonly [name: string]: unknown };
    };
  };
};

/** The refusal in the header of an answer (6.5.1.4). An answer without a header is not trusted to be a success. */
function refusalIn(body: unknown): ReportedStatus | undefined {
  const { status, statusCodeData } = (body as Header | undefined)?.header?.functionExecutionStatus ?? {};
  if (status === 'Executed-Success' || status === 'Executed-WithWarning') return undefined;
  const text = (name: string) => {
    const value = statusCodeData?.[name];
    return typeof value === 'string' ? value.slice(0, 500) : undefined;
  };
  const message = text('message');
  return {
    subjectCode: text('subjectCode') ?? 'none',
    reasonCode: text('reasonCode') ?? 'none',
    ...(message !== undefined && { message }),
  };
}
