import type { Target } from './target.ts';
import { apdu } from './targets/apdu.ts';
import { bpp } from './targets/bpp.ts';
import { certificate } from './targets/certificate.ts';
import { der } from './targets/der.ts';
import { es2 } from './targets/es2.ts';
import { es9Asn1, es9Json } from './targets/es9.ts';
import { es9Signed } from './targets/es9-signed.ts';
import { es10Signed } from './targets/es10-signed.ts';
import { imports } from './targets/import.ts';
import { profile } from './targets/profile.ts';
import { session } from './targets/session.ts';
import { value } from './targets/value.ts';

export const targets: readonly Target[] = [
  der,
  es2,
  es9Json,
  es9Asn1,
  es9Signed,
  certificate,
  bpp,
  profile,
  imports,
  apdu,
  es10Signed,
  value,
  session,
];
