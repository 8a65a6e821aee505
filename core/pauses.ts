import type { LinePause, LineState } from './ports.ts';
import type { Reason } from './reasons.ts';

/** What may be paused beside a sequence. They stand with the sequences' own, under names that no sequence can have. */
export const wholePauses = { everything: '*everything', sends: '*sends' } as const;
export type WholePause = keyof typeof wholePauses;
export const wholePauseNames = Object.keys(wholePauses) as readonly WholePause[];

/** `sequence nurture`, `everything`, `sends`: as a person says what is paused. */
export const pausedWhat = (key: string): string => wholePauseNames.find((it) => wholePauses[it] === key) ?? `sequence ${key}`;

export type PauseReason = Extract<Reason, 'everything-paused' | 'sending-paused' | 'sequence-paused'>;

/** The widest pause that holds mail of this sequence back. */
export const pauseOn = (
  { paused }: Pick<LineState, 'paused'>,
  sequence: string,
): { readonly reason: PauseReason; readonly pause: LinePause } | undefined => {
  const { [wholePauses.everything]: all, [wholePauses.sends]: sends, [sequence]: own } = paused;
  if (all) return { reason: 'everything-paused', pause: all };
  if (sends) return { reason: 'sending-paused', pause: sends };
  return own && { reason: 'sequence-paused', pause: own };
};

/** Whether new runs begin: they do, unless everything is paused. */
export const mayBegin = ({ paused }: Pick<LineState, 'paused'>): boolean => paused[wholePauses.everything] === undefined;

/** Every pause that stands, the longest first. */
export const pausesOf = ({ paused }: Pick<LineState, 'paused'>): readonly (LinePause & { readonly what: string; readonly key: string })[] =>
  Object.entries(paused)
    .map(([key, pause]) => ({ what: pausedWhat(key), key, ...pause }))
    .sort((one, other) => (one.at < other.at ? -1 : 1));
