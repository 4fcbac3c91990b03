import type { EUICCProfileState } from '@esim-rsp/sdk';
import { useText } from '../text/text.ts';

export type Family = 'stock' | 'order' | 'moving' | 'device' | 'ended' | 'failed';

/** The family of each state: it has a colour and a shape. */
export const familyOf: Readonly<Record<EUICCProfileState, Family>> = {
  AVAILABLE: 'stock',
  UNAVAILABLE: 'stock',
  ALLOCATED: 'order',
  LINKED: 'order',
  CONFIRMED: 'order',
  RELEASED: 'order',
  DOWNLOADED: 'moving',
  INSTALLED: 'device',
  ENABLED: 'device',
  DISABLED: 'device',
  DELETED: 'ended',
  ERROR: 'failed',
};

const SHAPES: Readonly<Record<Family, string>> = {
  stock: 'M2 2h8v8H2zM4 4v4h4V4z',
  order: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z',
  moving: 'M6 11 1 5h3V1h4v4h3z',
  device: 'M1 2.5A1.5 1.5 0 0 1 2.5 1h7A1.5 1.5 0 0 1 11 2.5v7A1.5 1.5 0 0 1 9.5 11h-7A1.5 1.5 0 0 1 1 9.5z',
  ended: 'M1 4.5h10v3H1z',
  failed: 'M6 1l5.5 10H.5z',
};

/** A state or an outcome: colour, shape and word. */
export function Mark({ family, children }: { family: Family; children: string }) {
  return (
    <span className={`mark ${family}`}>
      <Shape family={family} />
      {children}
    </span>
  );
}

export function Shape({ family }: { family: Family }) {
  return (
    <svg className={`shape ${family}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path fillRule="evenodd" d={SHAPES[family]} />
    </svg>
  );
}

export function State({ state }: { state: EUICCProfileState }) {
  const text = useText();
  return <Mark family={familyOf[state]}>{text.state[state]}</Mark>;
}
