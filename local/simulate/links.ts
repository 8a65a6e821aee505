import type { StoredMail } from '#local/ses/mail-service';

/** Links that SES tracks: not the ways out. */
export const linksIn = (html: string): readonly string[] =>
  [...html.matchAll(/<a\b([^>]*)>/gi)]
    .map(([, attributes = '']) => attributes)
    .filter((it) => !it.includes('no-track'))
    .flatMap((it) => /href="(https?:[^"]+)"/i.exec(it)?.[1] ?? [])
    .map((it) => it.replaceAll('&amp;', '&'));

export const confirmUrlIn = (html: string): string | undefined =>
  html.includes('/c/') ? /href="(https?:\/\/[^"]*\/c\/[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') : undefined;

export const unsubscribeUrlOf = ({ headers }: Pick<StoredMail, 'headers'>): string | undefined =>
  /^<(https?:[^>]+)>$/.exec(headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '')?.[1];
