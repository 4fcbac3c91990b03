import type { BegunRequest } from '../../../store/ports/idempotency.ts';
import type { RestStore } from '../operation.ts';

/**
 * The store for the work of one request with an Idempotency-Key: each write that must not happen twice records in its own transaction that the
 * work is done. Other writes of operations with POST may happen twice: what they write has a name, so that a repeat is refused because it exists
 * or writes the same again.
 */
export function storeOfRequest(store: RestStore, request: BegunRequest): RestStore {
  return {
    ...store,
    save: (changes) => store.save(changes, request),
    addAccount: (account, key) => store.addAccount(account, key, request),
    addApiKey: (key, limit) => store.addApiKey(key, limit, request),
    addDelivery: (delivery) => store.addDelivery(delivery, request),
    addInstallLink: (link) => store.addInstallLink(link, request),
    addPerson: (person, invitation) => store.addPerson(person, invitation, request),
    addWebhook: (endpoint, most) => store.addWebhook(endpoint, most, request),
    invitePerson: (invitation) => store.invitePerson(invitation, request),
    resendInstallLink: (hash, mail) => store.resendInstallLink(hash, mail, request),
    rotateApiKey: (account, id, rotation, limit) => store.rotateApiKey(account, id, rotation, limit, request),
    sendInstallLink: (link, url, mail) => store.sendInstallLink(link, url, mail, request),
    updateWebhook: (id, change, alongside) => store.updateWebhook(id, change, alongside, request),
  };
}
