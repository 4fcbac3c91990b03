import type { Operation } from '../../frame/operation.ts';
import { curlSample } from './curl.ts';
import { goSample } from './go.ts';
import { phpSample } from './php.ts';
import { pythonSample } from './python.ts';
import { sampleCall } from './sample-call.ts';
import { sdkSample } from './sdk.ts';

/** A sample as the extension `x-codeSamples` of OpenAPI has it. */
export type CodeSample = { readonly lang: string; readonly label: string; readonly source: string };

const languages = [
  { lang: 'shell', label: 'curl', write: curlSample },
  { lang: 'typescript', label: 'SDK', write: sdkSample },
  { lang: 'python', label: 'Python', write: pythonSample },
  { lang: 'go', label: 'Go', write: goSample },
  { lang: 'php', label: 'PHP', write: phpSample },
] as const;

/**
 * How to call an operation, in several languages. All of them read the address of the server, the account and its key from
 * the environment: ESIM_URL, ESIM_USER_ID and ESIM_API_KEY.
 */
export function codeSamples(operation: Operation): readonly CodeSample[] {
  const call = sampleCall(operation);
  return languages.flatMap(({ lang, label, write }) => {
    const source = write(call);
    return source === undefined ? [] : [{ lang, label, source }];
  });
}
