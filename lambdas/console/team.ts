import type { RepRow, TeamView } from '#core/console/views';
import { addSeconds } from '#core/instant';
import { dateAt, dayKindOf, isAtWork } from '#core/working-hours';
import type { Answer, Asked } from './asked.ts';

const weeksShown = 4;
/** Shown as “more than”. */
const mostHeld = 100;

/** One read and one query. */
export const teamView = async ({ use, live, now }: Asked): Promise<Answer> => {
  const [desk, held] = await Promise.all([use.desks.read(), use.salesTasks.held(mostHeld)]);
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
    held: held.tasks.length,
    releasedToday: desk.day?.date === dateAt(brand, now) ? desk.day.taken : 0,
    ...(sales.atMostPerDay !== undefined && { atMostPerDay: sales.atMostPerDay }),
    days,
  };
  return { json: view };
};

const noon = (date: string) => `${date}T12:00:00.000Z`;
const mondayOf = (date: string): string => addSeconds(noon(date), -((new Date(noon(date)).getUTCDay() + 6) % 7) * 86_400).slice(0, 10);
const daysFrom = (date: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => addSeconds(noon(date), at * 86_400).slice(0, 10));
