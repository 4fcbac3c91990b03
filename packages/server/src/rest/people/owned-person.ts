import type { Person, PersonStore } from '../../store/ports/people/people.ts';
import { type Permission, roles } from '../../store/ports/permissions.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import { mustOwn } from '../account/api-key.ts';
import type { Services } from '../frame/operation.ts';
import { noSuchPerson } from './person.ts';

/** A person of the caller's account who may do no more than the caller: otherwise an invitation would give what the caller lacks. */
export async function manageablePerson(
  { store }: Services<Pick<PersonStore, 'person'>>,
  { account, permissions }: { readonly account: string; readonly permissions: readonly Permission[] },
  id: string,
): Promise<Person> {
  const person = await store.person(account, id).catch(unknownUnlessOf(account));
  if (person === undefined) throw noSuchPerson(id);
  mustOwn(permissions, roles[person.role]);
  return person;
}
