import type { ActName } from '#core/console/access';
import type { Asked, Who } from './asked.ts';

/** As others know them. */
export const nameOf = ({ name, rep }: Who): string => rep?.rep ?? name;

/**
 * Who asked for what stands on record before it is done: by name in the row, by id in the log. Whatever can be refused is refused before;
 * a crash in between leaves an act on record that was asked for and not done.
 */
export const noteAct = async (
  { use, who, now }: Asked,
  act: ActName,
  about: { readonly leadId?: string; readonly what?: string },
): Promise<void> => {
  await use.acts.note({ at: now, by: who.id, who: nameOf(who), act, ...about });
  use.log.info('asked for by hand', { act, by: who.id, ...about });
};
