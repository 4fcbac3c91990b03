export type { CertificateSet, Credential, Env, Limits, VerifyEuicc } from './env.ts';
export { cancelOrder } from './es2/cancelOrder.ts';
export { confirmOrder } from './es2/confirmOrder.ts';
export { downloadOrder } from './es2/downloadOrder.ts';
export { releaseProfile } from './es2/releaseProfile.ts';
export { type Es9Functions, es9Functions } from './es9/functions.ts';
export { orderProfile } from './order/orderProfile.ts';
export type { Reader, Store } from './ports.ts';
export { type Decision, type ProtocolFunction, run } from './run.ts';
export type { Change, Saved } from './state/change.ts';
export {
  type GivenContent,
  type ProfileContent,
  type ProtectedPackage,
  packageContent,
} from './state/content.ts';
export { importProfile } from './stock/importProfile.ts';
export { identityOf, stockProfile } from './stock/stockProfile.ts';
