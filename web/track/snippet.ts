/**
 * What runs on the brand's own site: ties page visits to a lead, and only after a signed link in a mail or a form of ours says
 * which. It sends nothing and keeps nothing without consent, or where the browser asks not to be followed. No cookie.
 */
type Kept = { t: string; u: number };
declare global {
  interface Window {
    baton?: (what: 'consent' | 'visit' | 'token', given?: boolean | string) => void;
  }
}

((w: Window, d: Document, n: Navigator & { globalPrivacyControl?: boolean }) => {
  const me = d.currentScript as HTMLScriptElement;
  const key = 'baton';
  const days = 30;
  const url = new URL(w.location.href);
  let token: string | null | undefined = url.searchParams.get('bt');
  // The address bar keeps no token: it would be copied and passed on with the address.
  if (token) {
    url.searchParams.delete('bt');
    w.history.replaceState(w.history.state, '', url);
  }
  let may = me?.dataset.consent === 'granted';
  let last = '';
  const keep = (to?: Kept) => {
    try {
      if (to) w.localStorage.setItem(key, JSON.stringify(to));
      else w.localStorage.removeItem(key);
    } catch {}
  };
  if (n.doNotTrack === '1' || n.globalPrivacyControl) {
    keep();
    w.baton = () => undefined;
    return;
  }
  const kept = (): Kept | undefined => {
    try {
      const it = JSON.parse(w.localStorage.getItem(key) ?? '') as Kept;
      return it.u > Date.now() ? it : undefined;
    } catch {
      return undefined;
    }
  };
  const visit = () => {
    if (!may) return;
    if (token && kept()?.t !== token) keep({ t: token, u: Date.now() + days * 864e5 });
    const it = kept();
    const p = w.location.pathname;
    if (!it || p === last) return;
    last = p;
    const i = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    n.sendBeacon(new URL('/t', me.src), JSON.stringify({ t: it.t, p, i }));
  };
  w.baton = (what, given) => {
    if (what === 'consent') {
      may = given !== false;
      if (!may) keep();
    }
    // What POST /f/{form} answered to a script.
    if (what === 'token') token = given as string;
    visit();
  };
  visit();
})(window, document, navigator);

export {};
