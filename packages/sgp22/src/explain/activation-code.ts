import { parseActivationCode } from '../value/activation-code.ts';
import { maskMatchingId } from './formats.ts';
import type { ExplainOptions, Node } from './node.ts';
import { describeOid } from './oid-names.ts';

/** Describes an activation code (4.1), one line per part. */
export function activationCodeNode(text: string, options: ExplainOptions): Node {
  const { smdpAddress, matchingId, smdpOid, confirmationCodeRequired } = parseActivationCode(text);
  return {
    name: 'activation code',
    children: [
      { name: 'SM-DP+ address', value: smdpAddress },
      { name: 'MatchingID', value: maskMatchingId(matchingId, options) },
      ...(smdpOid === undefined ? [] : [{ name: 'SM-DP+ OID', value: describeOid(smdpOid) }]),
      { name: 'confirmation code', value: confirmationCodeRequired ? 'required' : 'not required' },
    ],
  };
}
