import type { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';

/** The icon of a profile as a data URL; undefined if it has none. */
export function iconOf({ icon, iconType }: StoreMetadataRequest): string | undefined {
  if (icon === undefined || icon.length === 0) return undefined;
  return `data:image/${iconType === 0 ? 'jpeg' : 'png'};base64,${Buffer.from(icon).toString('base64')}`;
}
