import type { Reader } from '@esim-rsp/smdp/ports';

/** Profile packages, or the parameters to build them from. They are saved with their profile. */
export type ContentStore = Pick<Reader, 'content'>;
