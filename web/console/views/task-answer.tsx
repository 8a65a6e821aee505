import { useState } from 'preact/hooks';
import type { AnswerBody, AnswerChoice, AnswerKind, TaskView } from '../contract.ts';
import type { Trouble } from '../lib/ask.ts';
import { apiUrl } from '../lib/url.ts';
import { SmallTrouble, useSending } from '../ui/act.tsx';
import { Dialog } from '../ui/dialog.tsx';

const words: {
  readonly [answer in AnswerKind]: {
    readonly title: (name: string) => string;
    readonly about: string;
    readonly press: string;
    readonly done: string;
  };
} = {
  accept: {
    title: (name) => `Take ${name} on?`,
    about: 'It is yours from then on, and stands under “Taken on” until you say that it was won or lost. The first answer stays.',
    press: 'Accept',
    done: 'You took it on.',
  },
  reject: {
    title: (name) => `Reject ${name}?`,
    about: 'It is no lead for sales. Marketing learns why; that is how the rules get better. The first answer stays.',
    press: 'Reject',
    done: 'It was rejected.',
  },
  recycle: {
    title: (name) => `Give ${name} back for later?`,
    about: 'Marketing goes on with it, and not before the day that you name. The first answer stays.',
    press: 'Give it back',
    done: 'It was given back.',
  },
  won: { title: (name) => `${name}: won?`, about: 'What the deal is worth goes into the report.', press: 'Won', done: 'Won. Well done.' },
  lost: {
    title: (name) => `${name}: lost?`,
    about: 'Why it did not come about helps the next one.',
    press: 'Lost',
    done: 'It was noted as lost.',
  },
};

type Answering = { task: TaskView; choice: AnswerChoice; onClose: () => void; next: () => void };

/** One more question before an answer is given: it cannot be taken back. */
export const AnswerDialog = ({ task, choice, onClose, next }: Answering) => {
  const { answer } = choice;
  const [given, setGiven] = useState<Omit<AnswerBody, 'answer'>>(choice.currencies?.[0] ? { currency: choice.currencies[0] } : {});
  const put = (more: Omit<AnswerBody, 'answer'>) => setGiven((it) => ({ ...it, ...more }));
  const body: AnswerBody = { answer, ...given };
  const said = words[answer];
  const done = () => {
    onClose();
    if (answer === 'reject' || answer === 'recycle') next();
  };
  const sending = useSending(apiUrl(`/tasks/${task.taskId}/answers`), body, said.done, done);
  return (
    <Dialog title={said.title(task.name || 'this lead')} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void sending.send();
        }}
      >
        <p>{said.about}</p>
        {choice.reasons && <Reasons reasons={choice.reasons} value={given.reason} onPick={(reason) => put({ reason })} />}
        {choice.until && <Until until={choice.until} value={given.until} onPick={(until) => put({ until })} trouble={sending.trouble} />}
        {choice.asksAmount && <Worth choice={choice} given={given} put={put} trouble={sending.trouble} />}
        {sending.trouble && !sending.trouble.fields && <SmallTrouble trouble={sending.trouble} />}
        {sending.trouble?.fields && (
          <SmallTrouble trouble={{ status: 422, what: sending.trouble.fields.map((it) => it.what).join('; ') }} />
        )}
        <div class="dialog-acts">
          <button type="button" onClick={onClose}>
            Not yet
          </button>
          <button type="submit" class={answer === 'reject' || answer === 'lost' ? 'main danger' : 'main'} disabled={sending.busy}>
            {said.press}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

const Reasons = ({
  reasons,
  value,
  onPick,
}: {
  reasons: readonly string[];
  value: string | undefined;
  onPick: (reason: string) => void;
}) => (
  <fieldset class="radios">
    <legend>Why</legend>
    {reasons.map((it) => (
      <label key={it}>
        <input type="radio" name="reason" value={it} required checked={value === it} onChange={() => onPick(it)} />{' '}
        {it.replaceAll('-', ' ')}
      </label>
    ))}
  </fieldset>
);

type Field<V> = { value: V | undefined; onPick: (value: string) => void; trouble: Trouble | undefined };
const isWrong = (trouble: Trouble | undefined, field: string) => trouble?.fields?.some((it) => it.field === field) || undefined;

const Until = ({ until, value, onPick, trouble }: Field<string> & { until: NonNullable<AnswerChoice['until']> }) => (
  <label class="field">
    Not before
    <input
      type="date"
      required
      min={until.first}
      max={until.last}
      value={value ?? ''}
      aria-invalid={isWrong(trouble, 'until')}
      onInput={(event) => onPick(event.currentTarget.value)}
    />
  </label>
);

type Worthy = {
  choice: AnswerChoice;
  given: Omit<AnswerBody, 'answer'>;
  put: (more: Omit<AnswerBody, 'answer'>) => void;
  trouble: Trouble | undefined;
};

const Worth = ({ choice: { currencies = [] }, given, put, trouble }: Worthy) => (
  <div class="fields">
    <label>
      Worth
      <input
        type="number"
        required
        min={0}
        step="0.01"
        inputMode="decimal"
        value={given.amount ?? ''}
        aria-invalid={isWrong(trouble, 'amount')}
        onInput={(event) => put({ amount: event.currentTarget.valueAsNumber })}
      />
    </label>
    <label>
      Currency
      <select value={given.currency} onChange={(event) => put({ currency: event.currentTarget.value })}>
        {currencies.map((it) => (
          <option key={it} value={it}>
            {it}
          </option>
        ))}
      </select>
    </label>
  </div>
);
