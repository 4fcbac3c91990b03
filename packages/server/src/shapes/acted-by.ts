/** Whether the id of somebody who acted is that of a person; otherwise it is that of an API key. */
export function isPersonId(id: string): boolean {
  return id.startsWith('person-');
}

/** Who acted, in an answer or a message: a person, or a key. */
export function actedBy(id: string | undefined): { readonly person_id?: string; readonly key_id?: string } {
  if (id === undefined) return {};
  return isPersonId(id) ? { person_id: id } : { key_id: id };
}
