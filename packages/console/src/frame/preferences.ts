export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const SAVED = 'esim-console-theme';

export function readTheme(): Theme {
  const saved = localStorage.getItem(SAVED);
  return themes.find((theme) => theme === saved) ?? 'system';
}

/** Shows the console in these colours, now and after the next start. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(SAVED, theme);
  document.documentElement.dataset.theme = theme;
}
