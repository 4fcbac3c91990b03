import type { LabFault } from '@esim-rsp/sdk';
import { type DragEvent, type FormEvent, useId, useState } from 'react';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { readCode } from './read-code.ts';

type Props = {
  readonly faults: readonly LabFault[];
  readonly onStarted: () => void;
  readonly onBack: () => void;
};

/** “Add eSIM”: drop or choose the image of a QR code, paste a code, or scan one of a profile that waits. */
export function AddEsim({ faults, onStarted, onBack }: Props) {
  const text = useText();
  const words = text.phone;
  const api = useApi();
  const [code, setCode] = useState('');
  const [fault, setFault] = useState('');
  const [isOver, setIsOver] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isUnreadable, setIsUnreadable] = useState(false);
  const chosen = faults.find(({ name }) => name === fault);

  const start = async (activationCode: string | undefined) => {
    setIsBusy(true);
    setError(undefined);
    try {
      await api.downloadToLabPhone({
        ...(activationCode && { activation_code: activationCode }),
        ...(fault !== '' && { fault }),
      });
      onStarted();
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };
  const take = async (file: File | null | undefined) => {
    setIsUnreadable(false);
    if (file == null) return;
    const read = await readCode(file);
    if (read === undefined) return setIsUnreadable(true);
    setCode(read);
    await start(read);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const [file] = event.dataTransfer.files;
    const dropped = event.dataTransfer.getData('text/plain');
    if (file !== undefined) void take(file);
    else if (dropped !== '') setCode(dropped);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(code.trim());
  };
  const faultId = useId();
  return (
    <form onSubmit={submit} className="add-esim">
      <h2>{words.add}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what can be dropped here can be chosen with the field in it. */}
      <div
        className={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <label>
          {words.drop}
          <input type="file" accept="image/*" onChange={(event) => take(event.target.files?.[0])} />
        </label>
      </div>
      {isUnreadable && <p role="alert">{words.unreadable}</p>}
      <Waiting isBusy={isBusy} onChosen={(waiting) => void start(waiting)} />
      <label>
        {words.codeLabel}
        <input
          value={code}
          onChange={(event) => setCode(event.target.value)}
          placeholder="LPA:1$…"
          spellCheck={false}
        />
      </label>
      <label htmlFor={faultId}>{words.pretend}</label>
      <select id={faultId} value={fault} onChange={(event) => setFault(event.target.value)}>
        <option value="">{words.noFault}</option>
        {faults.map(({ name, about }) => (
          <option key={name} value={name}>
            {about}
          </option>
        ))}
      </select>
      {chosen?.refused !== undefined && (
        <p className="muted">{words.faultExpected(chosen.step, chosen.refused)}</p>
      )}
      <Problem error={error} />
      <div className="actions">
        <button type="button" onClick={onBack}>
          {text.back}
        </button>
        <button type="submit" className="primary" disabled={isBusy || code.trim() === ''}>
          {words.download}
        </button>
      </div>
    </form>
  );
}

/** The newest profiles that wait to be downloaded: the code of one is read by the audited call. */
type WaitingProps = { readonly isBusy: boolean; readonly onChosen: (code: string | undefined) => void };

function Waiting({ isBusy, onChosen }: WaitingProps) {
  const words = useText().phone;
  const api = useApi();
  const mayRead = useMay('reveal');
  const [error, setError] = useState<unknown>();
  const { data: waiting = [] } = useLoad(
    async (signal) =>
      (await api.listEUICCProfiles({ state: 'RELEASED', sort: '-last_operation_date', count: 5 }, { signal }))
        .data.euicc_profiles,
    [],
  );
  if (!mayRead || waiting.length === 0) return null;
  const choose = async (iccid: string, matchingId: string | undefined) => {
    setError(undefined);
    if (matchingId === '') return onChosen(undefined); // its phone finds it by the EID
    try {
      onChosen((await api.readActivationCode(iccid)).data.activation_code);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <fieldset>
      <legend>{words.scan}</legend>
      <ul className="waiting">
        {waiting.map(({ iccid, profile_name: name, matching_id: matchingId }) => (
          <li key={iccid}>
            <button type="button" disabled={isBusy} onClick={() => choose(iccid, matchingId)}>
              <span>{name || words.unnamed}</span> <span className="muted">… {iccid.slice(-5)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Problem error={error} />
    </fieldset>
  );
}
