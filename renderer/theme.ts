import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'bringup.theme';
const DARK_CLASS = 'pf-v6-theme-dark';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const listeners = new Set<() => void>();
const wantsDark = window.matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'system';
}

function paint(): void {
  const theme = stored();
  const dark = theme === 'dark' || (theme === 'system' && wantsDark.matches);
  document.documentElement.classList.toggle(DARK_CLASS, dark);
}

/** Paints the chosen theme and keeps following the system where that is the choice. Call once, before the first render. */
export function startTheme(): void {
  paint();
  wantsDark.addEventListener('change', paint);
}

/** The next theme in the order system, light, dark. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}

/** Chooses a theme and remembers it on this machine. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  paint();
  for (const listener of listeners) listener();
}

/** The chosen theme. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
}
