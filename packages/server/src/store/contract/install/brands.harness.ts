import assert from 'node:assert/strict';
import type { BrandUpdate } from '../../ports/install/brands.ts';
import type { StoreTest } from '../records.harness.ts';

const bytes = Uint8Array.of(1, 2, 3);
const logo = { type: 'image/png', width: 3, height: 4, hash: 'hash-of-logo' } as const;
const whole: BrandUpdate = {
  name: 'Travel',
  colour: '#0b57d0',
  supportUrl: 'https://example.com/help',
  supportEmail: 'help@example.com',
  supportPhone: '+49 30 1234',
  language: 'de',
  logo: { ...logo, bytes },
};

/** The contract of brands. */
export const brandContract: Record<string, StoreTest> = {
  'the brand of an account is read back as it was changed, and has the name of the account': async (
    store,
  ) => {
    for (const id of ['shop', 'lab']) await store.addAccount({ id, name: `The ${id}`, createdAt: 1 });
    assert.deepEqual(await store.brand('shop'), { accountName: 'The shop' });
    assert.equal(await store.brand('nobody'), undefined);
    await store.updateBrand('shop', () => whole);
    assert.deepEqual(await store.brand('shop'), { ...whole, logo, accountName: 'The shop' });
    assert.deepEqual(await store.brand('lab'), { accountName: 'The lab' });
    await store.updateBrand('nobody', () => whole);
    assert.equal(await store.brand('nobody'), undefined);
  },

  'a logo is found by its hash, stays when other members change, and goes when it is removed': async (
    store,
  ) => {
    await store.addAccount({ id: 'shop', name: 'shop', createdAt: 1 });
    await store.updateBrand('shop', () => whole);
    const found = async () => {
      const one = await store.logo(logo.hash);
      return one && { ...one, bytes: Uint8Array.from(one.bytes) };
    };
    assert.deepEqual(await found(), { type: 'image/png', bytes });
    await store.updateBrand('shop', ({ name: _, ...brand }) => ({ ...brand, colour: '#000000' }));
    assert.deepEqual(await found(), { type: 'image/png', bytes });
    assert.equal((await store.brand('shop'))?.name, undefined);
    await store.updateBrand('shop', ({ logo: _, ...brand }) => brand);
    assert.equal(await found(), undefined);
  },
};
