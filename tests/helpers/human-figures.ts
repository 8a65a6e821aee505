import { agentOf } from '#core/agents';
import type { EventRow } from '#core/events';
import { defaultHumanRules, type HumanRules, judge, type MailFacts } from '#core/humans';
import { addSeconds } from '#core/instant';
import { decoyLink, type History } from './labelled-histories.ts';

const start = '2026-07-14T10:00:00.000Z';
export const rulesOfFixtures: HumanRules = { ...defaultHumanRules, decoy: decoyLink };

const mailOf = (number: number) => ({ enrolmentId: 'e', step: `mail-${number}`, round: 1 });
export const rowsOf = ({ events }: History): readonly EventRow[] =>
  events.map(({ name, at, mail, link, agent, automated }, number) => ({
    eventId: `e${number}`,
    leadId: 'lead',
    name,
    at: addSeconds(start, at),
    done: true,
    ...(mail !== undefined && mailOf(mail)),
    ...(link !== undefined && { link }),
    ...(agent !== undefined && { agent: agentOf(agent) }),
    ...(automated && { automated }),
  }));
export const mailsOf = ({ mails }: History): readonly MailFacts[] =>
  mails.map(({ sent, delivered }, number) => ({
    ...mailOf(number),
    sentAt: addSeconds(start, sent),
    ...(delivered !== undefined && { deliveredAt: addSeconds(start, delivered) }),
  }));

export type Judged = {
  readonly case: string;
  readonly name: string;
  readonly isMachine: boolean;
  readonly said: boolean;
  readonly sure: number;
};

export const judgedOf = (histories: readonly History[], rules: HumanRules = rulesOfFixtures): readonly Judged[] =>
  histories.flatMap((history) => {
    const verdicts = judge(rowsOf(history), mailsOf(history), rules);
    return history.events.flatMap(({ name, by }, at) => {
      const verdict = verdicts.get(`e${at}`);
      return by && verdict
        ? [{ case: history.case, name, isMachine: by === 'machine', said: verdict.by === 'machine', sure: verdict.machine }]
        : [];
    });
  });

/** Precision: of those called so, how many are. Recall: of those that are, how many are called so. In percent. */
export type Figures = {
  readonly machines: number;
  readonly 'machines, precision': number;
  readonly 'machines, recall': number;
  readonly people: number;
  readonly 'people, precision': number;
  readonly 'people, recall': number;
  /** Mean square of (how sure it was that it is a machine, minus whether it is), times 1000: 250 is tossing a coin. */
  readonly error: number;
};
export const figuresOf = (all: readonly Judged[]): Figures => {
  const count = (isMachine: boolean, said: boolean) => all.filter((it) => it.isMachine === isMachine && it.said === said).length;
  const [caught, missed, wronged, kept] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const squares = all.reduce((sum, it) => sum + (it.sure - (it.isMachine ? 1 : 0)) ** 2, 0);
  return {
    machines: caught + missed,
    'machines, precision': percent(caught, caught + wronged),
    'machines, recall': percent(caught, caught + missed),
    people: kept + wronged,
    'people, precision': percent(kept, kept + missed),
    'people, recall': percent(kept, kept + wronged),
    error: Math.round((squares / all.length) * 10_000) / 10,
  };
};

const percent = (part: number, whole: number) => (whole === 0 ? 100 : Math.round((part / whole) * 1000) / 10);
