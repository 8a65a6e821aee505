import * as z from 'zod';
import type { NotifyStep } from '#core/sequences/model';
import { actState } from './act-state.ts';
import { common, readWith, type StepKind } from './step-kind.ts';

const Reader = z.union([z.literal('owner'), z.email()]);

const schema = () =>
  z.strictObject({
    notify: z
      .strictObject({
        slack: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name in lower case, such as sales')
          .optional()
          .describe('A channel, by the name that its incoming webhook has in the stack’s secret (docs/logic.md).'),
        email: z
          .union([Reader, z.array(Reader).min(1).max(10)])
          .optional()
          .describe('owner (of this sequence), or addresses of your team.'),
        says: z
          .string()
          .min(1)
          .max(2000)
          .describe('What it says; merge fields as in e-mails, e.g. {{ lead.company | default: "Somebody" }} is back.'),
      })
      .describe('Tells the team, not the lead.'),
    ...common,
  });

export const notify: StepKind<NotifyStep> = {
  kind: 'notify',
  help: 'Tells the team something, in Slack or by mail.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    if (!read) return undefined;
    const { slack, email, says } = read.notify;
    if (slack === undefined && email === undefined) {
      report([...path, 'notify'], { code: 'nobody-told', what: 'this tells nobody', allowed: 'slack: <channel>, email: owner, or both' });
    }
    return { ...named, kind: 'notify', says, ...(slack !== undefined && { slack }), ...(email !== undefined && { email: [email].flat() }) };
  },

  enter: ({ step }) => step.id,
  emit: actState,
};
