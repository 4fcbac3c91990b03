import { ApiError, type GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { useRef, useState } from 'react';
import { saveFile, toCsv } from '../../parts/csv.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { useNumber } from '../../parts/numbers.ts';
import { useApi, useSigned } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** What each step needs, as its operation of the API does. */
const STEPS = { release: 'order', cancel: 'care', retire: 'order' } as const;
type Step = keyof typeof STEPS;
const steps = Object.keys(STEPS) as Step[];

type Props = {
  readonly selected: ReadonlySet<string>;
  readonly rows: readonly GetEUICCProfileResponse[];
  readonly onNone: () => void;
  readonly onDone: () => void;
};

type Progress = {
  readonly done: number;
  readonly failed: readonly { readonly iccid: string; readonly why: string }[];
  readonly all: number;
  readonly isOver: boolean;
};

/** How many profiles are changed at the same time. */
const AT_ONCE = 4;

/** What can be done with the selected profiles. */
export function Bulk({ selected, rows, onNone, onDone }: Props) {
  const text = useText();
  const words = text.profiles;
  const write = useNumber();
  const { permissions } = useSigned().session;
  const [asked, setAsked] = useState<Step>();
  const { progress, start, stop, clear } = useBulk(onDone);
  const n = write(selected.size);
  if (selected.size === 0 && progress === undefined) return null;
  const ask = { release: words.bulk.releaseAsk, cancel: words.bulk.cancelAsk, retire: words.bulk.retireAsk };
  const what = {
    release: words.bulk.releaseWhat,
    cancel: words.bulk.cancelWhat,
    retire: words.bulk.retireWhat,
  };
  return (
    <section className="bulk" aria-label={words.selected(n)}>
      {progress === undefined ? (
        <>
          <span>{words.selected(n)}</span>
          {steps
            .filter((step) => permissions.includes(STEPS[step]))
            .map((step) => (
              <button key={step} type="button" onClick={() => setAsked(step)}>
                {words.bulk[step]}
              </button>
            ))}
          <button type="button" onClick={() => exportRows(rows.filter(({ iccid }) => selected.has(iccid)))}>
            {words.bulk.export}
          </button>
          <button type="button" className="plain" onClick={onNone}>
            {words.unselect}
          </button>
        </>
      ) : (
        <Doing progress={progress} onStop={stop} onClose={clear} />
      )}
      {asked !== undefined && (
        <Confirm
          title={ask[asked](n)}
          action={words.bulk[asked]}
          onClose={() => setAsked(undefined)}
          onAction={() => {
            setAsked(undefined);
            void start(asked, [...selected]);
          }}
        >
          <p>{what[asked]}</p>
        </Confirm>
      )}
    </section>
  );
}

function Doing({
  progress,
  onStop,
  onClose,
}: {
  progress: Progress;
  onStop: () => void;
  onClose: () => void;
}) {
  const text = useText();
  const write = useNumber();
  const { done, failed, all, isOver } = progress;
  const words = text.profiles.bulk;
  return (
    <>
      <progress max={all} value={done + failed.length} aria-label={words.progress(write(done), write(all))} />
      <span role="status">
        {isOver
          ? words.result(write(done), write(failed.length))
          : words.progress(write(done + failed.length), write(all))}
      </span>
      <button type="button" onClick={isOver ? onClose : onStop}>
        {isOver ? text.close : words.stop}
      </button>
      {isOver && failed.length > 0 && (
        <ul className="refused">
          {failed.slice(0, 20).map(({ iccid, why }) => (
            <li key={iccid}>
              <code>{iccid}</code> {why}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function useBulk(onDone: () => void) {
  const api = useApi();
  const [progress, setProgress] = useState<Progress>();
  const stopped = useRef(false);
  const start = async (step: Step, iccids: string[]) => {
    stopped.current = false;
    const all = iccids.length;
    const call = {
      release: api.releaseEUICCProfile.bind(api),
      cancel: api.cancelEUICCProfile.bind(api),
      retire: api.retireEUICCProfile.bind(api),
    }[step];
    let state: Progress = { done: 0, failed: [], all, isOver: false };
    const report = (next: Progress) => {
      state = next;
      setProgress(next);
    };
    report(state);
    const work = async () => {
      for (let iccid = iccids.shift(); iccid !== undefined && !stopped.current; iccid = iccids.shift())
        try {
          await call(iccid);
          report({ ...state, done: state.done + 1 });
        } catch (error) {
          const why = error instanceof ApiError ? error.message : String(error);
          report({ ...state, failed: [...state.failed, { iccid, why }] });
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    report({ ...state, isOver: true });
    onDone();
  };
  return {
    progress,
    start,
    stop: () => {
      stopped.current = true;
    },
    clear: () => setProgress(undefined),
  };
}

function exportRows(rows: readonly GetEUICCProfileResponse[]): void {
  const titles = [
    'iccid',
    'state',
    'imsi',
    'msisdn',
    'profile_type',
    'profile_name',
    'eid',
    'last_operation_at',
  ];
  const csv = toCsv(
    titles,
    rows.map((row) => [
      row.iccid,
      row.state,
      row.imsi,
      row.msisdn,
      row.profile_type,
      row.profile_name,
      row.eid,
      row.last_operation_at,
    ]),
  );
  saveFile('profiles.csv', csv);
}
