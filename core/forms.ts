/** marketing/forms/<id>.yaml, parsed. */
export type Form = {
  readonly list: string;
  readonly locale: string;
  /** Names of inputs and the fields of the lead that they fill. `email` is always there. */
  readonly emailLabel: string;
  readonly button: string;
  readonly fields: readonly { readonly field: string; readonly label: string; readonly required: boolean }[];
  readonly consent?: { readonly topic: string; readonly text: string; readonly required: boolean };
  /** An input that people do not see: who fills it in is a machine. */
  readonly trap: string;
  /** Whoever is faster is a machine; browsers without JavaScript do not say how long it took. */
  readonly leastSeconds?: number;
  /** Where to go then; else `thanks` is shown. */
  readonly redirect?: string;
  readonly thanks: string;
  /** Shown when something is missing. */
  readonly problem: string;
};

export type Answers = { readonly [name: string]: string };
export type FormReading =
  | { readonly trapped: true }
  | { readonly missing: readonly string[] }
  | { readonly email: string; readonly cells: { readonly [column: string]: string } };

const maxAnswer = 1000;
/** The input in which the page says how many seconds it took. */
export const secondsInput = 'baton-seconds';

/**
 * What somebody filled in, as a row of a list: only the form's own fields, and the consent with its words, if it was given. Pure.
 */
export const readAnswers = (
  id: string,
  form: Form,
  answers: Answers,
  { at, ip }: { readonly at: string; readonly ip: string | undefined },
): FormReading => {
  const answer = (name: string) => (answers[name] ?? '').trim().slice(0, maxAnswer);
  if (answer(form.trap) !== '' || isTooFast(form, answer(secondsInput))) return { trapped: true };
  const email = answer('email');
  const missing = form.fields.filter((it) => it.required && answer(it.field) === '').map((it) => it.field);
  const agreed = answer('consent') !== '';
  if (email === '') missing.unshift('email');
  if (form.consent?.required && !agreed) missing.push('consent');
  if (missing.length > 0) return { missing };
  const filled = form.fields.map(({ field }) => [field, answer(field)] as const).filter(([, value]) => value !== '');
  const consent: readonly (readonly [string, string])[] =
    form.consent && agreed
      ? [
          ['consent-topics', form.consent.topic],
          ['consent-at', at],
          ['consent-source', `form ${id}`],
          ['consent-text', form.consent.text],
          ...(ip === undefined ? [] : [['consent-ip', ip] as const]),
        ]
      : [];
  return { email, cells: Object.fromEntries([['email', email], ...filled, ...consent]) };
};

const isTooFast = ({ leastSeconds }: Form, seconds: string): boolean =>
  leastSeconds !== undefined && seconds !== '' && !(Number(seconds) >= leastSeconds);
