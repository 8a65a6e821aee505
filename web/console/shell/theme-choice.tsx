import { useState } from 'preact/hooks';
import { setTheme, storedTheme, type Theme } from '../lib/theme.ts';
import { Choice } from '../ui/parts.tsx';

const options = [
  { value: 'auto', label: 'Auto', title: 'As your machine is set' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export const ThemeChoice = () => {
  const [theme, setShown] = useState<Theme>(storedTheme());
  const choose = (it: Theme) => {
    setTheme(it);
    setShown(it);
  };
  return <Choice label="Colours" options={options} value={theme} onChange={choose} />;
};
