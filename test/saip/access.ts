import { Fault, hex, type Tlv, tlvs } from './tlv.ts';

/** Access rules in EF.ARR (TS 102 221 9.2.4 to 9.2.7, TS 102 221 annex on security attributes, ISO/IEC 7816-4). */

export type Condition = 'always' | 'never' | readonly number[];

/** For each access mode octet the key references that open it, any of them. */
export type AccessRules = readonly { readonly mode: number; readonly opens: Condition }[];

/** One record of EF.ARR; FF behind the rules. */
export function rulesIn(record: Uint8Array): AccessRules {
  let end = record.length;
  while (end > 0 && record[end - 1] === 0xff) end--;
  const rules: { mode: number; opens: Condition }[] = [];
  const list = tlvs(record.subarray(0, end));
  let mode: number | undefined;
  for (const each of list) {
    if (each.tag >= 0x80 && each.tag <= 0x8f) {
      // 80: by access mode octet; 84: by an instruction, which no check here needs
      mode = each.tag === 0x80 && each.content.length === 1 ? (each.content[0] as number) : 0;
    } else {
      if (mode === undefined) throw new Fault(`an access rule starts with a condition: ${hex(record)}`);
      rules.push({ mode, opens: conditionOf(each) });
      mode = undefined;
    }
  }
  if (mode !== undefined) throw new Fault(`an access rule has no condition: ${hex(record)}`);
  return rules;
}

function conditionOf({ tag, content }: Tlv): Condition {
  if (tag === 0x90) return 'always';
  if (tag === 0x97) return 'never';
  if (tag === 0xa0 || tag === 0xaf)
    return tlvs(content)
      .map(conditionOf)
      .flatMap((each) => (typeof each === 'string' ? [] : each));
  if (tag !== 0xa4) throw new Fault(`a security condition has the tag ${tag.toString(16)}`);
  const references = tlvs(content).filter((each) => each.tag === 0x83);
  if (references.length !== 1 || references[0]?.content.length !== 1)
    throw new Fault(`a control reference is ${hex(content)}`);
  return [references[0].content[0] as number];
}

export const READ = 0x01;
export const UPDATE = 0x02;

/** Who may do what a mode bit says. */
export function opens(rules: AccessRules, bit: number): Condition {
  return rules.find(({ mode }) => mode & bit)?.opens ?? 'never';
}
