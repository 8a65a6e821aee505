import type { RepRow, TeamView } from '../contract.ts';
import { useData, usePulse } from '../lib/data.ts';
import { ago, calendarDay, number } from '../lib/format.ts';
import { apiUrl, viewUrl } from '../lib/url.ts';
import { Badge, Bar, Figures, Loaded, Page, Section } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';

export const Team = () => {
  const team = useData<TeamView>(apiUrl('/team'));
  return (
    <Page title="Sales team" about="Who has how much to answer, who is away, and who is next.">
      <Loaded of={team}>{(data) => <Whole team={data} />}</Loaded>
    </Page>
  );
};

const Whole = ({ team }: { team: TeamView }) => {
  const open = team.reps.reduce((sum, it) => sum + it.open, 0);
  return (
    <>
      <Figures
        figures={[
          { label: 'To answer', value: number(open) },
          {
            label: 'Handed out today',
            value: number(team.releasedToday),
            ...(team.atMostPerDay !== undefined && { note: `of ${number(team.atMostPerDay)} at most` }),
          },
          {
            label: 'Held until there is room',
            value: number(team.held),
            ...(team.held > 0 && { note: <a href={viewUrl('/tasks', { status: 'held' })}>see them</a> }),
          },
        ]}
      />
      <Section title="Load">
        <Load reps={team.reps} />
      </Section>
      {team.left.length > 0 && (
        <Section
          title="Who left"
          about="In sales.yaml no longer. Leads that they had taken on wait for somebody who says how it ended: anybody of the team may."
        >
          <Table
            caption="Who left, and what they had taken on"
            rows={team.left}
            keyOf={(it) => it.rep}
            columns={[
              { head: 'Rep', isName: true, cell: (it) => it.rep },
              {
                head: 'Taken on',
                isNumber: true,
                cell: (it) => <a href={viewUrl('/tasks', { rep: it.rep, status: 'accepted' })}>{number(it.accepted)}</a>,
              },
            ]}
          />
        </Section>
      )}
      <Section title="The next four weeks" about="Days are each rep’s own.">
        <Calendar team={team} />
      </Section>
    </>
  );
};

const Load = ({ reps }: { reps: readonly RepRow[] }) => {
  const { now } = usePulse();
  return (
    <Table
      caption="Reps and their load"
      rows={reps}
      keyOf={(it) => it.rep}
      columns={[
        {
          head: 'Rep',
          isName: true,
          cell: (it) => (
            <>
              <a href={viewUrl('/tasks', { rep: it.rep })}>{it.rep}</a> {it.role === 'manager' && <Badge>manager</Badge>}
            </>
          ),
        },
        { head: 'Now', cell: (it) => (it.isWorkTime ? <Badge tone="good">working</Badge> : <Badge>not at work</Badge>) },
        { head: 'Zone', cell: (it) => it.zone },
        { head: 'Share', isNumber: true, cell: (it) => number(it.weight) },
        {
          head: 'To answer',
          isNumber: true,
          cell: (it) => (it.atMostOpen === undefined ? number(it.open) : `${number(it.open)} of ${number(it.atMostOpen)}`),
        },
        {
          head: 'Load',
          cell: (it) =>
            it.atMostOpen === undefined ? '' : <Bar share={it.open / it.atMostOpen} tone={it.open >= it.atMostOpen ? 'bad' : 'plain'} />,
        },
        {
          head: 'Oldest came',
          cell: (it) => (it.oldestAt === undefined ? '' : ago(it.oldestAt, now())),
        },
      ]}
    />
  );
};

const marks: { readonly [state in RepRow['calendar'][number]]: { readonly mark: string; readonly words: string } } = {
  works: { mark: '', words: 'works' },
  free: { mark: '', words: 'free' },
  away: { mark: 'A', words: 'away' },
  holiday: { mark: 'H', words: 'holiday' },
};

const weeksOf = (days: readonly string[]) => Array.from({ length: Math.ceil(days.length / 7) }, (_, at) => days.slice(at * 7, at * 7 + 7));

const Calendar = ({ team: { reps, days } }: { team: TeamView }) => (
  <>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
    <section class="calendar-box" tabIndex={0} aria-label="Calendar of the team">
      <table class="calendar-table">
        <caption class="unseen">Who works on which day</caption>
        <thead>
          <tr>
            <th scope="col">Rep</th>
            {weeksOf(days).map((week) => (
              <th key={week[0]} scope="colgroup" colSpan={week.length}>
                {calendarDay(week[0] ?? '')} to {calendarDay(week.at(-1) ?? '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {reps.map((it) => (
            <tr key={it.rep}>
              <th scope="row">{it.rep}</th>
              {it.calendar.map((state, at) => (
                <Day key={days[at]} state={state} day={days[at] ?? ''} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    <p class="pages">
      <span>
        <i class="swatch key-works" /> works
      </span>
      <span>
        <i class="swatch key-free" /> free
      </span>
      <span>A away</span>
      <span>H holiday</span>
    </p>
  </>
);

const Day = ({ state, day }: { state: RepRow['calendar'][number]; day: string }) => {
  const { words } = marks[state];
  return (
    <td class={state} title={`${calendarDay(day)}: ${words}`}>
      <span aria-hidden="true">{marks[state].mark}</span>
      <span class="unseen">
        {calendarDay(day)}: {words}
      </span>
    </td>
  );
};
