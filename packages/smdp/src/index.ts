export { cancelOrder } from './es2/cancelOrder.ts';
export { confirmOrder } from './es2/confirmOrder.ts';
export { downloadOrder } from './es2/downloadOrder.ts';
export { releaseProfile } from './es2/releaseProfile.ts';
export { type Es9Functions, es9Functions } from './es9/functions.ts';
export { orderProfile } from './operator/orderProfile.ts';
export { stockProfile } from './operator/stockProfile.ts';
export * from './ports.ts';
export { run } from './run.ts';
