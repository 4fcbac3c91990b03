import type { Target } from './target.ts';
import { der } from './targets/der.ts';
import { profile } from './targets/profile.ts';
import { value } from './targets/value.ts';

export const targets: readonly Target[] = [der, profile, value];
