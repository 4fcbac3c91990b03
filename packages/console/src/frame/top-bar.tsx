import { type FormEvent, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../text/text.ts';
import { AccountMenu } from './account-menu.tsx';
import { Icon } from './icons.tsx';
import { useLiveState } from './live.tsx';

export function TopBar({ onMenu, isMenuOpen }: { onMenu: () => void; isMenuOpen: boolean }) {
  const text = useText();
  return (
    <header className="bar">
      <button
        type="button"
        className="menu"
        aria-label={text.menu}
        aria-expanded={isMenuOpen}
        aria-controls="rail"
        onClick={onMenu}
      >
        <Icon name="menu" />
      </button>
      <Search />
      <LiveMark />
      <AccountMenu />
    </header>
  );
}

/** Finds by any number; `/` puts the focus into it from anywhere. */
function Search() {
  const text = useText();
  const [, navigate] = useLocation();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  const search = (event: FormEvent) => {
    event.preventDefault();
    const value = input.current?.value.trim();
    if (value) navigate(`/search?q=${encodeURIComponent(value)}`);
  };
  return (
    <search className="search">
      <form onSubmit={search}>
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          name="q"
          aria-label={text.search.label}
          placeholder={text.search.placeholder}
          title={text.search.hint}
          autoComplete="off"
          spellCheck={false}
        />
        <kbd>/</kbd>
      </form>
    </search>
  );
}

function LiveMark() {
  const text = useText();
  const state = useLiveState();
  return (
    <span
      className={`live ${state}`}
      title={state === 'on' ? text.live.onHint : text.live.offHint}
      role="status"
    >
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
        {state === 'on' ? <circle cx="6" cy="6" r="5" /> : <path d="M1 1h3v10H1zM8 1h3v10H8z" />}
      </svg>
      {text.live[state]}
    </span>
  );
}
