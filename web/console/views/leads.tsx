import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { LeadList, LeadRow, SearchAnswer, SearchBody } from '../contract.ts';
import { announce } from '../lib/announce.ts';
import { send, type Trouble } from '../lib/ask.ts';
import { useData } from '../lib/data.ts';
import { counted, dateTime, number } from '../lib/format.ts';
import { apiUrl, leadUrl, type Query, viewUrl } from '../lib/url.ts';
import { SmallTrouble } from '../ui/act.tsx';
import { Choice, Empty, Loaded, Page } from '../ui/parts.tsx';
import { StageBadge, stageInWords } from '../ui/stage.tsx';
import { Table } from '../ui/table.tsx';

/** Leads by what is known of them; one by its whole address. */
export const Leads = () => {
  const { query, route } = useLocation();
  const asked: Query = {
    stage: query.stage,
    sequence: query.sequence,
    step: query.step,
    owner: query.owner,
    score: query.score,
    sort: query.sort,
    after: query.after,
  };
  const list = useData<LeadList>(apiUrl('/leads', asked));
  const ask = (more: Query) => route(viewUrl('/leads', more), false);
  return (
    <Page title="Leads" about="By stage, sequence, owner and score; or one by the whole address.">
      <Find />
      {list.data && <Filters list={list.data} asked={asked} ask={ask} />}
      <Loaded of={list}>{(data) => <Found list={data} asked={asked} ask={ask} />}</Loaded>
    </Page>
  );
};

const Find = () => {
  const { route } = useLocation();
  const field = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState<Trouble>();
  const [isBusy, setBusy] = useState(false);
  const find = async (event: Event) => {
    event.preventDefault();
    const body: SearchBody = { email: field.current?.value.trim() ?? '' };
    setBusy(true);
    const answer = await send<SearchAnswer>(apiUrl('/leads/search'), body);
    setBusy(false);
    if ('data' in answer) return route(leadUrl(answer.data.leadId));
    setTrouble(
      answer.trouble.status === 404
        ? { status: 404, what: 'No lead has this address.', hint: 'Look for a slip of the pen; an erased lead is gone for good.' }
        : answer.trouble,
    );
    announce('No lead was found.');
  };
  return (
    <form class="find" onSubmit={(event) => void find(event)}>
      <label class="field">
        Find one by e-mail address
        <span class="row">
          <input ref={field} type="email" required autoComplete="off" placeholder="kim@hillview.example" class="search" />
          <button type="submit" disabled={isBusy}>
            Find
          </button>
        </span>
      </label>
      {trouble && <SmallTrouble trouble={trouble} />}
    </form>
  );
};

type Asking = { readonly asked: Query; readonly ask: (more: Query) => void };

const orders = [
  { value: 'score', label: 'Best score' },
  { value: 'newest', label: 'Newest' },
] as const;

/** Each narrows what the others leave; a page of the list that was there before is none of this one. */
const Filters = ({ list: { choices, sort }, asked, ask }: Asking & { list: LeadList }) => {
  const { after: _after, ...kept } = asked;
  const isByStage = asked.sequence === undefined && asked.owner === undefined;
  const isStageAlone = isByStage && asked.score === undefined;
  // Newest first is there for a stage alone.
  const narrow = (more: Query) => ask({ ...kept, sort: undefined, ...more });
  return (
    <div class="fields filters">
      <Pick
        label="Stage"
        value={String(asked.stage ?? (isByStage ? 'lead' : ''))}
        onPick={(stage) => (isStageAlone ? ask({ stage, sort: asked.sort }) : narrow({ stage }))}
        none={isByStage ? undefined : 'any'}
      >
        {choices.stages.map((it) => [it.stage, `${stageInWords[it.stage]}${it.leads === undefined ? '' : ` (${number(it.leads)})`}`])}
      </Pick>
      <Pick
        label="In the sequence"
        value={String(asked.sequence ?? '')}
        onPick={(sequence) => narrow({ sequence, step: undefined })}
        none="any"
      >
        {choices.sequences.map((it) => [it.sequence, it.sequence])}
      </Pick>
      {asked.sequence !== undefined && <AtStep choices={choices} asked={asked} ask={narrow} />}
      {choices.owners.length > 0 && (
        <Pick label="Owner" value={String(asked.owner ?? '')} onPick={(owner) => narrow({ owner })} none="any">
          {choices.owners.map((it) => [it, it])}
        </Pick>
      )}
      <label>
        Score, at least
        <input
          type="number"
          value={asked.score ?? ''}
          placeholder="any"
          min={-9999}
          max={99_999}
          step={1}
          onChange={(event) => event.currentTarget.reportValidity() && narrow({ score: event.currentTarget.value || undefined })}
        />
      </label>
      {isStageAlone && <Choice label="Order" options={orders} value={sort} onChange={(it) => ask({ stage: asked.stage, sort: it })} />}
    </div>
  );
};

const AtStep = ({ choices, asked, ask }: Asking & { choices: LeadList['choices'] }) => {
  const steps = choices.sequences.find((it) => it.sequence === asked.sequence)?.steps ?? [];
  return (
    <Pick label="At the step" value={String(asked.step ?? '')} onPick={(step) => ask({ step })} none="any">
      {steps.map((it) => [it, it])}
    </Pick>
  );
};

type Picking = {
  label: string;
  value: string;
  onPick: (value: string) => void;
  none: string | undefined;
  children: readonly (readonly [string, string])[];
};

const Pick = ({ label, value, onPick, none, children }: Picking) => (
  <label>
    {label}
    <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {children.map(([it, words]) => (
        <option key={it} value={it}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

const Found = ({ list, asked, ask }: Asking & { list: LeadList }) => {
  if (list.leads.length === 0 && asked.after === undefined && list.next === undefined)
    return list.choices.stages.every((it) => it.leads === 0) ? (
      <Empty title="There is no lead yet.">They come by a list, a form or your product: docs/import.md and docs/events.md say how.</Empty>
    ) : (
      <Empty title="No lead fits.">Choose another stage, sequence, owner or score, or find one by its address.</Empty>
    );
  return (
    <>
      {list.leads.length > 0 && <Rows leads={list.leads} />}
      <p class="pages">
        {list.total !== undefined && <span>{counted(list.total, 'lead')}</span>}
        {list.looked !== undefined && (
          <span>
            {counted(list.leads.length, 'lead')} of the {number(list.looked)} that were looked through
          </span>
        )}
        {list.asOf !== undefined && <span>in order as of {dateTime(list.asOf)}</span>}
        {asked.after !== undefined && (
          <button type="button" onClick={() => ask({ ...asked, after: undefined })}>
            Back to the first
          </button>
        )}
        {list.next !== undefined && (
          <button type="button" onClick={() => ask({ ...asked, after: list.next })}>
            {list.looked === undefined ? 'Next 25' : 'Look on'}
          </button>
        )}
      </p>
    </>
  );
};

const Rows = ({ leads }: { leads: readonly LeadRow[] }) => (
  <Table
    caption="Leads"
    rows={leads}
    keyOf={(it) => it.leadId}
    columns={[
      {
        head: 'Lead',
        isName: true,
        cell: (it) => (
          <>
            <a href={leadUrl(it.leadId)}>{it.name}</a>
            {it.company && <small>{it.company}</small>}
          </>
        ),
      },
      { head: 'Stage', cell: (it) => <StageBadge stage={it.stage} /> },
      { head: 'Grade', cell: (it) => it.grade ?? '' },
      { head: 'Fit', isNumber: true, cell: (it) => number(it.fit) },
      { head: 'Engagement', isNumber: true, cell: (it) => (it.engagement === undefined ? '–' : number(it.engagement)) },
      {
        head: 'Where',
        cell: (it) => it.runs.map((run) => (run.step ? `${run.sequence}, at ${run.step}` : run.sequence)).join('; ') || 'in no sequence',
      },
      { head: 'Owner', cell: (it) => it.owner ?? '' },
    ]}
  />
);
