import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { useText } from '../../text/text.ts';
import type { Codes } from './use-codes.ts';

/** Reads the activation codes when somebody asks for them, and shows how far it is. */
export function ReadCodes({ codes, iccids }: { codes: Codes; iccids: readonly string[] }) {
  const words = useText().order;
  const write = useNumber();
  const { known, error, isBusy, read, stop } = codes;
  const done = iccids.filter((iccid) => known.has(iccid)).length;
  return (
    <div className="reading">
      {isBusy ? (
        <>
          <progress max={iccids.length} value={done} aria-label={words.showCodes} />
          <p role="status">{words.codesRead(write(done), write(iccids.length))}</p>
          <button type="button" onClick={stop}>
            {words.stop}
          </button>
        </>
      ) : (
        done < iccids.length && (
          <>
            <p className="muted">{words.codesHidden}</p>
            <button type="button" onClick={() => void read(iccids)}>
              {words.showCodes}
            </button>
          </>
        )
      )}
      <Problem error={error} />
    </div>
  );
}
