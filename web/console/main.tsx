import { render } from 'preact';
import { setTheme, storedTheme } from './lib/theme.ts';
import { App } from './shell/app.tsx';

setTheme(storedTheme());
const root = document.getElementById('app');
if (root) render(<App />, root);
