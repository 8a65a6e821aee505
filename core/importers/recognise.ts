import { fromDittofeed, isDittofeed } from './dittofeed.ts';
import type { Foreign, Format } from './foreign.ts';
import { fromMailshot, isMailshot } from './mailshot.ts';
import { fromMautic, isMautic } from './mautic.ts';
import { fromPinpoint, isPinpoint } from './pinpoint.ts';

const known: { readonly [format in Format]: { readonly is: (data: unknown) => boolean; readonly read: (data: unknown) => Foreign } } = {
  pinpoint: { is: isPinpoint, read: fromPinpoint },
  mautic: { is: isMautic, read: fromMautic },
  dittofeed: { is: isDittofeed, read: fromDittofeed },
  mailshot: { is: isMailshot, read: fromMailshot },
};

/** undefined: it is none of them. */
export const recognise = (data: unknown): Format | undefined => (Object.keys(known) as Format[]).find((it) => known[it].is(data));

/** Throws a ZodError when the file is not in that format after all. */
export const readForeign = (data: unknown, format: Format): Foreign => known[format].read(data);
