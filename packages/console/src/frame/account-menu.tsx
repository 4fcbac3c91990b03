import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useRole } from '../session/role.ts';
import { useSigned } from '../session/session.ts';
import { type Language, languages, useWords } from '../text/text.ts';
import { applyTheme, readTheme, type Theme, themes } from './preferences.ts';

/** Who is signed in, the colours, the language, and the way out. */
export function AccountMenu() {
  const { text, language, choose } = useWords();
  const { session, signOut } = useSigned();
  const role = useRole();
  const [theme, setTheme] = useState(readTheme);
  const menu = useRef<HTMLDetailsElement>(null);
  useClosing(menu);
  const { person, account_id: account } = session;
  const name = person?.name ?? account;
  const change = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <details className="account" ref={menu}>
      <summary title={`${text.account.menu}: ${name}`}>
        <span className="name">{session.demo && person === undefined ? text.account.demo : name}</span>
      </summary>
      <div className="floating">
        <p>
          <strong>{name}</strong>
          <br />
          <span className="muted">{person === undefined ? role : `${person.email} · ${role}`}</span>
        </p>
        <Link href="/me" onClick={() => menu.current?.removeAttribute('open')}>
          {text.me.title}
        </Link>
        <label>
          {text.account.theme}
          <select value={theme} onChange={({ target }) => change(target.value as Theme)}>
            {themes.map((one) => (
              <option key={one} value={one}>
                {text.account.themes[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.account.language}
          <select value={language} onChange={({ target }) => choose(target.value as Language)}>
            {Object.entries(languages).map(([tag, words]) => (
              <option key={tag} value={tag} lang={tag}>
                {words.language}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={signOut}>
          {text.account.signOut}
        </button>
      </div>
    </details>
  );
}

/** Escape and a click elsewhere close a menu. */
function useClosing(menu: { readonly current: HTMLDetailsElement | null }): void {
  useEffect(() => {
    const close = (event: Event) => {
      const { current } = menu;
      if (current === null || !current.open) return;
      if (event instanceof KeyboardEvent && event.key === 'Escape') {
        current.open = false;
        current.querySelector('summary')?.focus();
      }
      if (event.type === 'pointerdown' && !current.contains(event.target as Node)) current.open = false;
    };
    document.addEventListener('keydown', close);
    document.addEventListener('pointerdown', close);
    return () => {
      document.removeEventListener('keydown', close);
      document.removeEventListener('pointerdown', close);
    };
  }, [menu]);
}
