import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { useKeys } from '../lib/keys.ts';

const places: { readonly [key: string]: string } = {
  s: '/console/sequences',
  l: '/console/leads',
  i: '/console/tasks',
  r: '/console/report',
  o: '/console/operations',
};
const waitMilliseconds = 1200;

/** `g` and then a letter goes to a place; `/` to the search field; `?` shows all keys. */
export const useGoKeys = (showHelp: () => void): void => {
  const { route } = useLocation();
  const began = useRef(0);
  useKeys({
    '?': showHelp,
    '/': () => document.querySelector<HTMLInputElement>('main input[type="search"], main input[type="email"]')?.focus(),
    g: () => {
      began.current = Date.now();
    },
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const place = places[event.key];
      const isSecond = Date.now() - began.current < waitMilliseconds && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isSecond || place === undefined) return;
      began.current = 0;
      event.preventDefault();
      event.stopPropagation();
      route(place);
    };
    // Before the keys of the view: `g l` must not say that a deal was lost.
    document.addEventListener('keydown', pressed, true);
    return () => document.removeEventListener('keydown', pressed, true);
  }, [route]);
};
