import { mailKindNames } from '../../delivery/mail/kinds.ts';
import { named } from '../../shapes/shape.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import { operation, type Services } from '../frame/operation.ts';
import { deliveriesPage, deliveriesQuery, readDeliveriesPage } from '../webhooks/delivery-page.ts';
import { MailDelivery, MailDeliveryState, mailDeliveryResponse } from './delivery.ts';

const MailDeliveriesQuery = named('MailDeliveriesQuery', deliveriesQuery(MailDeliveryState, mailKindNames));
const ListMailDeliveriesResponse = deliveriesPage('ListMailDeliveriesResponse', MailDelivery);

export const listMailDeliveries = operation({
  operationId: 'listMailDeliveries',
  method: 'GET',
  url: '/api/v1/esim/mail-deliveries',
  isLong: true,
  permissions: ['admin'],
  summary: 'List the mails of the account and their attempts, the newest first',
  query: MailDeliveriesQuery,
  answers: { 200: { description: 'A page of mails', schema: ListMailDeliveriesResponse } },
  respond: ({ store }: Services<OutboxStore>, { account, query }) =>
    readDeliveriesPage(store, { kind: 'mail', account }, query, mailKindNames, mailDeliveryResponse),
});
