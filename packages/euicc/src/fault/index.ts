export { faultyCard, type IssuersOn } from './card.ts';
export { faultyEs9 } from './es9.ts';
export { applyChange, type CardFault, type Change, type Fault, type LpaFault, none } from './fault.ts';
export {
  eidPrefixOf,
  euiccCertificate,
  eumCertificate,
  generateEidUnder,
  type Identity,
  type IdentityChange,
  type Issuers,
} from './identity.ts';
export { device, info, matchingId, svn } from './makers.ts';
export { type FaultName, faults, type NamedFault } from './named.ts';
