import { type InvitedPerson, type PersonRole, personRoles } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { Choice } from '../../../parts/choice.tsx';
import { CreateEnd } from '../../../parts/form.tsx';
import { useApi, useSigned } from '../../../session/session.ts';
import { useWords } from '../../../text/text.ts';

/** Invites a person with a role. */
export function NewPerson({ onDone }: { onDone: (person: InvitedPerson, isMailed: boolean) => void }) {
  const { text, language } = useWords();
  const { session } = useSigned();
  const words = text.people;
  const api = useApi();
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name)).trim();
    setError(undefined);
    const create = async () => {
      const request = { name: field('name'), email: field('email'), role: field('role') as PersonRole };
      const { data } = await api.createPerson(request);
      const isMailed = form.has('mail');
      if (isMailed) await api.mailInvitation(data.id, { language });
      onDone(data, isMailed);
    };
    create().catch(setError);
  };
  return (
    <form className="form framed" onSubmit={submit}>
      <div className="columns">
        <label>
          {text.access.name}
          <input name="name" required maxLength={100} autoComplete="off" />
        </label>
        <label>
          {words.email}
          <input name="email" type="email" required maxLength={254} autoComplete="off" />
        </label>
      </div>
      <RoleChoice byDefault="support" />
      {session.mail && (
        <label className="inline">
          <input type="checkbox" name="mail" defaultChecked />
          {words.mail}
        </label>
      )}
      <CreateEnd error={error} />
    </form>
  );
}

/** The roles, each with what it may do. */
export function RoleChoice({ byDefault }: { byDefault: PersonRole }) {
  const words = useWords().text.people;
  return (
    <fieldset>
      <legend>{words.role}</legend>
      {personRoles.map((role) => (
        <Choice
          key={role}
          type="radio"
          field="role"
          value={role}
          isByDefault={role === byDefault}
          name={words.roles[role]}
          what={words.roleWhat[role]}
        />
      ))}
    </fieldset>
  );
}
