import type { ESIMRSPApi, InvitedPerson, PersonRole } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { CliError } from '../command.ts';
import { note, show } from '../output.ts';
import { configuredUrl } from '../rest/access.ts';
import type { RestOptions } from '../rest/options.ts';
import { serverAddresses } from '../running.ts';

export const roles = ['viewer', 'support', 'operator', 'admin'] as const satisfies readonly PersonRole[];

/** What names a person: the id or the e-mail address. */
export function personName(text: string): string {
  if (!/^(person-[0-9a-f]{16}|[^\s@]+@[^\s@]+)$/.test(text))
    throw new ValueError('an e-mail address, or the id of a person, is expected');
  return text;
}

/** The id of a person whose id or e-mail address is known. */
export async function personId(api: ESIMRSPApi, name: string): Promise<string> {
  if (!name.includes('@')) return name;
  const { data } = await api.listPeople();
  const found = data.people.find(({ email }) => email === name.toLowerCase());
  if (found === undefined)
    throw new CliError(`there is no person ${name}: 'esim person list' shows the people of the account`);
  return found.id;
}

/** Shows an invitation, as the link to send to the person. */
export function showInvitation(options: RestOptions, person: InvitedPerson): void {
  const url = configuredUrl(options) ?? serverAddresses().restUrl;
  const link = `${url}${person.invitation.path}`;
  show(options, { ...person, link }, link);
  if (!options.json)
    note(`send this link to ${person.email}: it works once, until ${person.invitation.expires_at}`);
}
