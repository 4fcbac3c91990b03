/** A long number in groups of four. The groups are set apart by the style, so copying it gives no spaces. */
export function Digits({ value }: { value: string }) {
  const groups = value.match(/.{1,4}/g) ?? [];
  return (
    <span className="digits">
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of a number have no other identity.
        <span key={i}>{group}</span>
      ))}
    </span>
  );
}

/** An EID in a list: on a screen that is not wide its last digits, which differ from phone to phone. */
export function EidDigits({ value }: { value: string }) {
  return (
    <span title={value} className="eid">
      <span className="whole">
        <Digits value={value} />
      </span>
      <span className="last">
        …<Digits value={value.slice(-8)} />
      </span>
    </span>
  );
}
