import { Link, useLocation } from 'wouter';

type Props = { readonly label: string; readonly tabs: readonly (readonly [path: string, name: string])[] };

/** The parts of a screen, each with its own address. */
export function Tabs({ label, tabs }: Props) {
  const [location] = useLocation();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([path, name]) => (
        <Link key={path} href={path} aria-current={path === location ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
