import type { Brand } from '#core/config';
import { visitParameter } from '#core/visit-link';

/** Links to the brand's own sites say who follows them. Links of ours (`ses:no-track`) are left as they are. */
export const withVisits = (html: string, { sites }: Pick<Brand, 'sites'>): string => {
  if (!sites) return html;
  return html.replace(/<a\b[^>]*>/gi, (tag) =>
    /no-track/i.test(tag)
      ? tag
      : tag.replace(/href="([^"]*)"/i, (whole, url: string) => (isOn(url, sites) ? `href="${withToken(url)}"` : whole)),
  );
};

/** A `#`, and what may stand in Liquid before it, stay where they are. */
const withToken = (url: string): string => {
  const [, before = url, after = ''] = /^((?:[^#{]|\{\{.*?\}\})*)(#.*)?$/s.exec(url) ?? [];
  return `${before}${before.includes('?') ? '&amp;' : '?'}${visitParameter}={{ visit-token }}${after}`;
};

const isOn = (url: string, sites: readonly string[]): boolean =>
  sites.some((site) => url === site || ['/', '?', '#'].some((it) => url.startsWith(`${site}${it}`)));
