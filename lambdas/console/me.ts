import { actsFor, viewsFor } from '#core/console/access';
import type { Me } from '#core/console/views';
import type { Answer, Asked } from './asked.ts';

/** Reads nothing. */
export const me = async ({ who, live, now, around }: Asked): Promise<Answer> => {
  const view: Me = {
    name: who.name,
    groups: who.groups,
    ...(who.rep && { rep: who.rep.rep }),
    zone: who.rep?.timeZone ?? live.brand.timeZone,
    locale: live.brand.locale,
    now,
    company: live.brand.company,
    isDev: around.isDev,
    ...(around.reps && { reps: around.reps }),
    sees: viewsFor(who.groups),
    may: actsFor(who.groups).filter((it) => it !== 'answer-task' || who.rep !== undefined),
  };
  return { json: view };
};
