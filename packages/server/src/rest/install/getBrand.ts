import type { BrandStore } from '../../store/ports/install/brands.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Brand, brandResponse } from './brand.ts';

export const getBrand = operation({
  operationId: 'getBrand',
  method: 'GET',
  url: '/api/v1/esim/brand',
  summary: 'Get how the install pages of the account look',
  permissions: ['read'],
  answers: { 200: { description: 'The brand', schema: Brand } },
  respond: async ({ store, installUrl }: Services<BrandStore>, { account }) =>
    brandResponse(await brandOf(store, account), installUrl()),
});

export async function brandOf(store: BrandStore, account: string) {
  const brand = await store.brand(account);
  if (brand === undefined) throw new HttpProblem(500, 'internal_error', 'the account was deleted');
  return brand;
}
