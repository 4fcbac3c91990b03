export { type Es9Functions, es9Functions } from './es9/functions.ts';
export { orderProfile } from './operator/orderProfile.ts';
export { stockProfile } from './operator/stockProfile.ts';
export * from './ports.ts';
export { run } from './run.ts';
