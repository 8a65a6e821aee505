import type { Sales } from '#core/config';
import { fractionOf } from '#core/hash';
import { addSeconds } from '#core/instant';
import type { Action } from './actions.ts';
import type { StoredMail } from './ses/mail-service.ts';

const hour = 3600;
const day = 24 * hour;
/** Of briefs, those that are answered at all; of these, what is said, in percent. The rest is rejected. */
const answersShare = 0.88;
const accepts = 62;
const givesBack = 16;
/** Of accepted leads, those that buy, and those of which nobody knows yet within a month. */
const winsShare = 0.3;
const losesShare = 0.35;

/** A seeded model of sales, for the demo: drawn by hashing (seed, task, what), as people are (local/behaviour.ts). */
export const salesBehaviour =
  (seed: string, { answers }: Pick<Sales, 'answers'>) =>
  (mail: Omit<StoredMail, 'due'>): readonly Action[] => {
    const { task = '', rep = '', notice } = mail.tags;
    const url = /href="(https:[^"?]+\/a\/[^"?]+)"/.exec(mail.html)?.[1];
    if (url === undefined || notice === 'taken-back' || notice === 'cancelled') return [];
    const draw = (what: string) => fractionOf(`${seed} ${task} ${rep} ${what}`);
    const one = (all: readonly string[], what: string) => all[Math.floor(draw(what) * all.length)] ?? '';
    const at = addSeconds(mail.at, Math.floor(0.25 * hour + draw('answers at') ** 2 * 2 * day));
    const press = (id: string, when: string, form: Action['form'] & object): Action => ({
      id: `${task}-${rep}-${id}`,
      at: when,
      leadId: '',
      do: 'press',
      url,
      form,
    });
    if (draw('answers') >= answersShare) return [];
    const said = draw('says') * 100;
    if (said >= accepts + givesBack) return [press('first', at, { answer: 'reject', reason: one(answers.reject.reasons, 'why not') })];
    if (said >= accepts) {
      const until = addSeconds(at, (30 + Math.floor(draw('until') * 90)) * day).slice(0, 10);
      return [press('first', at, { answer: 'recycle', until, reason: one(answers.recycle.reasons, 'why later') })];
    }
    const end = addSeconds(at, Math.floor((3 + draw('ends at') * 20) * day));
    const ends = draw('ends');
    const accepted = press('first', at, { answer: 'accept' });
    if (ends < winsShare)
      return [accepted, press('end', end, { answer: 'won', amount: String(2000 + Math.floor(draw('worth') * 38) * 500), currency: 'EUR' })];
    if (ends < winsShare + losesShare)
      return [accepted, press('end', end, { answer: 'lost', reason: one(answers.lost.reasons, 'why lost') })];
    return [accepted];
  };
