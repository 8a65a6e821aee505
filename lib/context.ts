import { didYouMean } from '#core/did-you-mean';
import { Settings } from '#lib/settings';

/** What may be said with `-c` (bin/app.ts); everything else is a setting, and stands in cdk.json. */
export const contextKeys = ['stage', 'console', 'delete-data-of', 'marketing'] as const;

/** CDK's own keys have a colon or a slash in them, but for these. */
const ofCdk = ['baton', 'cli-telemetry', 'acknowledged-issue-numbers'];

/**
 * Throws on what nobody reads: with `-c stge=dev` production would be deployed. `written`: keys that stand in a file, on
 * purpose: in the cdk.json of the folder, or the .cdk.json of whoever deploys.
 */
export const refuseUnread = (context: { readonly [key: string]: unknown }, written: readonly string[]): void => {
  const read: readonly string[] = [...contextKeys, ...ofCdk, ...written];
  const unread = Object.entries(context).filter(([key]) => /^[\w-]+$/.test(key) && !read.includes(key));
  if (unread.length > 0) throw new Error(unread.map(([key, value]) => inWords(key, String(value))).join('\n'));
};

const inWords = (key: string, value: string): string => {
  const settings = Object.keys(Settings.shape);
  if (settings.includes(key))
    return `-c ${key}=${value}: settings stand in cdk.json, context.baton; with -c there are ${contextKeys.join(', ')}`;
  const meant = didYouMean(key, contextKeys);
  return `-c ${key}=${value}: nobody reads "${key}"${meant === undefined ? '' : `; did you mean ${meant}?`}; with -c there are ${contextKeys.join(', ')}`;
};
