import { parseActivationCode } from '../value/activation-code.ts';
import { maskedMatchingId } from './formats.ts';
import type { Node, Shown } from './node.ts';
import { oidInWords } from './oid-names.ts';

/** An activation code (4.1) by its parts. */
export function activationCodeNode(text: string, shown: Shown): Node {
  const { smdpAddress, matchingId, smdpOid, confirmationCodeRequired } = parseActivationCode(text);
  return {
    name: 'activation code',
    children: [
      { name: 'SM-DP+ address', value: smdpAddress },
      { name: 'MatchingID', value: maskedMatchingId(matchingId, shown) },
      ...(smdpOid === undefined ? [] : [{ name: 'SM-DP+ OID', value: oidInWords(smdpOid) }]),
      { name: 'confirmation code', value: confirmationCodeRequired ? 'required' : 'not required' },
    ],
  };
}
