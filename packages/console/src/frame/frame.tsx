import type { Session } from '@esim-rsp/sdk';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useSigned } from '../session/session.ts';
import { useText } from '../text/text.ts';
import { Icon, type IconName } from './icons.tsx';
import { TopBar } from './top-bar.tsx';

type Place = {
  readonly path: string;
  readonly name: Exclude<IconName, 'menu' | 'search'>;
  /** Absent: for everybody. */
  readonly isFor?: (session: Session) => boolean;
};

const PLACES: readonly Place[] = [
  { path: '/', name: 'overview' },
  { path: '/profiles', name: 'profiles' },
  { path: '/downloads', name: 'downloads' },
  { path: '/types', name: 'types' },
  { path: '/deliveries', name: 'deliveries' },
  { path: '/operations', name: 'operations' },
  { path: '/upstreams', name: 'upstreams', isFor: ({ permissions }) => permissions.includes('admin') },
  { path: '/brand', name: 'brand', isFor: ({ permissions }) => permissions.includes('admin') },
  { path: '/access', name: 'access' },
  { path: '/server', name: 'server' },
  { path: '/phone', name: 'phone', isFor: ({ lab }) => lab },
];

/** Rail, top bar and the screen. Below 720 px the rail is a drawer. */
export function Frame({ children }: { children: ReactNode }) {
  const text = useText();
  const [location] = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new screen gets the focus, and closes the drawer.
  useEffect(() => {
    setIsOpen(false);
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
    window.scrollTo(0, 0);
  }, [location]);
  return (
    <>
      <a className="skip" href="#main">
        {text.skip}
      </a>
      <div className={isOpen ? 'frame drawer-open' : 'frame'}>
        <Rail location={location} isOpen={isOpen} onClose={() => setIsOpen(false)} />
        <TopBar onMenu={() => setIsOpen(!isOpen)} isMenuOpen={isOpen} />
        <main id="main" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

function Rail(props: { location: string; isOpen: boolean; onClose: () => void }) {
  const text = useText();
  const { session } = useSigned();
  const places = PLACES.filter(({ isFor }) => isFor?.(session) ?? true);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the drawer from wherever the focus is in it.
    <div className="rail" onKeyDown={(event) => event.key === 'Escape' && props.onClose()}>
      <Link href="/" className="product">
        {text.product}
      </Link>
      <nav id="rail" aria-label={text.menu}>
        {places.map(({ path, name }) => (
          <Link
            key={path}
            href={path}
            aria-current={isWithin(props.location, path) ? 'page' : undefined}
            onClick={props.onClose}
          >
            <Icon name={name} />
            {text.screens[name]}
          </Link>
        ))}
      </nav>
      {props.isOpen && (
        <button type="button" className="scrim" aria-label={text.close} onClick={props.onClose} />
      )}
    </div>
  );
}

function isWithin(location: string, path: string): boolean {
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
}
