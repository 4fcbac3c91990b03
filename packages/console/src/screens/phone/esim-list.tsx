import type { LabPhone } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { Confirm } from '../../parts/dialog.tsx';
import { Digits } from '../../parts/digits.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

type LabProfile = LabPhone['profiles'][number];
type Props = {
  readonly phone: LabPhone;
  readonly mayChange: boolean;
  readonly onAdd: () => void;
  readonly onChanged: () => void;
};

/** The eSIMs of the phone with their switches, and under each what the API says of it. */
export function EsimList({ phone, mayChange, onAdd, onChanged }: Props) {
  const words = useText().phone;
  const api = useApi();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async (call: Promise<unknown>) => {
    setIsBusy(true);
    setError(undefined);
    try {
      await call;
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
      onChanged();
    }
  };
  return (
    <>
      <h2>{words.settings}</h2>
      {phone.profiles.length === 0 && <p className="muted">{words.empty}</p>}
      <ul className="esims">
        {phone.profiles.map((profile) => (
          <Esim key={profile.iccid} profile={profile} isLocked={!mayChange || isBusy} run={run} />
        ))}
      </ul>
      <Problem error={error} />
      {phone.notifications > 0 && (
        <p className="muted">
          {words.waiting(phone.notifications)}{' '}
          <button
            type="button"
            className="small"
            disabled={isBusy}
            onClick={() => run(api.sendLabNotifications())}
          >
            {words.sendWaiting}
          </button>
        </p>
      )}
      {mayChange && (
        <button type="button" className="primary" disabled={isBusy} onClick={onAdd}>
          {words.add}
        </button>
      )}
      <p className="muted">{words.memory(Math.round(phone.free_memory / 1000))}</p>
    </>
  );
}

type EsimProps = {
  readonly profile: LabProfile;
  readonly isLocked: boolean;
  readonly run: (call: Promise<unknown>) => Promise<void>;
};

function Esim({ profile, isLocked, run }: EsimProps) {
  const text = useText();
  const words = text.phone;
  const api = useApi();
  const [isAsking, setIsAsking] = useState(false);
  const { iccid, icon, profile_name: name, service_provider_name: provider, state } = profile;
  const isOn = state === 'enabled';
  const shownName = name || words.unnamed;
  return (
    <li>
      <EsimIcon icon={icon} />
      <div>
        <strong>{shownName}</strong> <span className="muted">{provider}</span>
        <div className="muted">
          <Digits value={iccid} />
        </div>
        <ApiState profile={profile} />
        <button type="button" className="small danger" disabled={isLocked} onClick={() => setIsAsking(true)}>
          {text.delete}
        </button>
      </div>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={isOn}
        aria-label={words.use(shownName)}
        disabled={isLocked}
        onClick={() => run(isOn ? api.disableLabProfile(iccid) : api.enableLabProfile(iccid))}
      />
      {isAsking && (
        <Confirm
          title={words.deleteAsk(shownName)}
          action={text.delete}
          onClose={() => setIsAsking(false)}
          onAction={() => {
            setIsAsking(false);
            void run(api.deleteLabProfile(iccid));
          }}
        >
          <p>{words.deleteWhat}</p>
        </Confirm>
      )}
    </li>
  );
}

export function EsimIcon({ icon }: { icon: string | undefined }) {
  if (icon !== undefined) return <img className="esim-icon" src={icon} alt="" width="32" height="32" />;
  return (
    <svg className="esim-icon" viewBox="0 0 20 20" width="32" height="32" aria-hidden="true">
      <path d="M5 2h7l4 4v12H5zM8 10h5v5H8z" />
    </svg>
  );
}

/** What the API says of the profile: it follows the phone by its notifications. */
function ApiState({ profile: { iccid, state } }: { profile: LabProfile }) {
  const words = useText().phone;
  const api = useApi();
  const { data } = useLoad(
    async (signal) => (await api.getEUICCProfile(iccid, { signal })).data,
    [iccid, state],
  );
  if (data === undefined) return null;
  return (
    <div className="api-state">
      <Link href={`/profiles/${iccid}`}>{words.api}</Link> <State state={data.state} />
    </div>
  );
}
