import { createRequire } from 'node:module';
import * as z from 'zod';

/** What the data of caniemail.com says of one feature: by family and platform, `y`, `n`, `a` (partly) or `u` at each version tested. */
const Feature = z.object({
  slug: z.string(),
  stats: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))),
});
const Data = z.object({ data: z.array(Feature) });

/** What most readers use. `windows`: the Outlook that draws with Word. */
const clients: readonly { readonly name: string; readonly family: string; readonly platforms: { readonly [platform: string]: string } }[] =
  [
    { name: 'Gmail', family: 'gmail', platforms: { 'desktop-webmail': 'web', ios: 'iOS', android: 'Android' } },
    { name: 'Outlook on Windows', family: 'outlook', platforms: { windows: '' } },
    { name: 'Outlook.com', family: 'outlook', platforms: { 'outlook-com': '' } },
    { name: 'Apple Mail', family: 'apple-mail', platforms: { macos: 'macOS', ios: 'iOS' } },
    { name: 'Yahoo Mail', family: 'yahoo', platforms: { 'desktop-webmail': 'web', ios: 'iOS', android: 'Android' } },
    { name: 'Samsung Email', family: 'samsung-email', platforms: { android: '' } },
  ];

/** Mail programs whose newest tested version knows nothing of this feature. Throws when the data has no such feature. */
export const unsupportedBy = (slug: string): readonly string[] => {
  const stats = features().get(slug);
  if (!stats) throw new RangeError(`there is no feature ${slug}`);
  return clients.flatMap(({ name, family, platforms }) => {
    const lacking = Object.keys(platforms).filter((it) => newest(stats[family]?.[it] ?? {}).startsWith('n'));
    if (lacking.length === 0) return [];
    return lacking.length === Object.keys(platforms).length ? [name] : [`${name} (${lacking.map((it) => platforms[it]).join(', ')})`];
  });
};

type Stats = z.output<typeof Feature>['stats'];

/** By number: JavaScript itself would put a version 12 in front of 10.3. */
const newest = (byVersion: { readonly [version: string]: string }): string =>
  Object.entries(byVersion)
    .sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1)?.[1] ?? 'u';

let read: ReadonlyMap<string, Stats> | undefined;

/** Read when the first e-mail is judged: nothing that sends has a use for it. */
const features = (): ReadonlyMap<string, Stats> => {
  read ??= new Map(Data.parse(createRequire(import.meta.url)('caniemail/caniemail.json')).data.map((it) => [it.slug, it.stats]));
  return read;
};
