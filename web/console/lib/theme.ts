const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const key = 'baton-theme';

export const storedTheme = (): Theme => {
  try {
    return themes.find((it) => it === localStorage.getItem(key)) ?? 'auto';
  } catch {
    return 'auto';
  }
};

/** `auto` follows the machine; the other two are remembered on it. */
export const setTheme = (theme: Theme): void => {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden: then it holds until the page is left.
  }
};
