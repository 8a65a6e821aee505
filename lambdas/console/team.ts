import type { RepRow, TeamView } from '#core/console/views';
import { addSeconds } from '#core/instant';
import { repsIn } from '#core/report/cells';
import { dateAt, dayKindOf, isAtWork } from '#core/working-hours';
import type { Answer, Asked } from './asked.ts';

const weeksShown = 4;
/** Shown as “more than”. */
const mostHeld = 100;

/** A read and a query; the report of a year, and a query for each who had tasks in it and is in the team no longer. */
export const teamView = async (asked: Asked): Promise<Answer> => {
  const { use, live, now } = asked;
  const [desk, held, left] = await Promise.all([use.desks.read(), use.salesTasks.held(mostHeld), whoLeft(asked)]);
  const { sales, brand } = live;
  const days = daysFrom(mondayOf(dateAt(brand, now)), weeksShown * 7);
  const reps = sales.team.map((rep): RepRow => {
    const open = Object.values(desk.open[rep.rep] ?? {});
    const oldestAt = open.toSorted()[0];
    return {
      rep: rep.rep,
      role: rep.role,
      zone: rep.timeZone,
      open: open.length,
      ...(rep.atMostOpen !== undefined && { atMostOpen: rep.atMostOpen }),
      weight: rep.weight,
      ...(oldestAt !== undefined && { oldestAt }),
      isWorkTime: isAtWork(rep, sales, now),
      calendar: days.map((day) => dayKindOf(rep, sales, day)),
    };
  });
  const view: TeamView = {
    reps,
    left,
    held: held.tasks.length,
    releasedToday: desk.day?.date === dateAt(brand, now) ? desk.day.taken : 0,
    ...(sales.atMostPerDay !== undefined && { atMostPerDay: sales.atMostPerDay }),
    days,
  };
  return { json: view };
};

/** Open tasks pass to others, these stay where they are: nobody would look for them under a name that is in no list. */
const whoLeft = async ({ use, live }: Asked): Promise<TeamView['left']> => {
  const year = await use.recounts.window(daysLookedBack);
  const gone = repsIn(year?.cells ?? {}).filter((rep) => live.sales.team.every((it) => it.rep !== rep));
  const pages = await Promise.all(gone.map((rep) => use.salesTasks.ofRep(rep, 'accepted', mostHeld)));
  return gone.flatMap((rep, at) => {
    const accepted = pages[at]?.tasks.length ?? 0;
    return accepted > 0 ? [{ rep, accepted }] : [];
  });
};
const daysLookedBack = 364;

const noon = (date: string) => `${date}T12:00:00.000Z`;
const mondayOf = (date: string): string => addSeconds(noon(date), -((new Date(noon(date)).getUTCDay() + 6) % 7) * 86_400).slice(0, 10);
const daysFrom = (date: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => addSeconds(noon(date), at * 86_400).slice(0, 10));
