import type { Brand } from '#core/config';
import { confirmationId } from '#core/consent';
import type { Sequence } from './model.ts';

/** The one step of a confirmation sequence, and the e-mail that it sends. */
export const confirmationStep = 'ask';
export const confirmationEmail = 'confirm';

/** Whoever signs somebody else up again and again must not fill that mailbox. */
const againAfterSeconds = 3600;
const giveUpAfter = { seconds: 14 * 86_400, deferrals: 10 };

/**
 * Asking for confirmation is a sequence of its own, one a topic: so the mail goes effectively once, is counted, previewed and
 * explained like any other (docs/decisions/0010). Every topic has one: who left comes back only this way.
 */
export const confirmationSequences = (brand: Pick<Brand, 'topics' | 'sender'>): readonly Sequence[] =>
  Object.keys(brand.topics)
    .sort()
    .map((topic) => ({
      id: confirmationId(topic),
      owner: brand.sender.replyTo ?? brand.sender.address,
      topic,
      lawfulBasis: 'confirmation',
      priority: 100,
      enter: { on: { consent: topic }, again: { afterSeconds: againAfterSeconds } },
      exits: [],
      giveUpAfter,
      steps: [{ id: confirmationStep, kind: 'email', email: confirmationEmail, atOnce: true }],
    }));
