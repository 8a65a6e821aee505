import type { CountedMail } from '#core/caps';
import { leadPk, mailsPrefix, mailsSk } from '#core/keys';
import type { CountedMails } from '#core/ports';
import type { Item, Table } from '#core/table';

/** One row a lead, `{ taken: { <send>: { at, enrolmentId } }, revision }`; rows of former leads are only read. */
export const countedMailStore = (table: Table): CountedMails => {
  const keyOf = (leadId: string) => ({ pk: leadPk(leadId), sk: mailsSk(leadId) });
  return {
    ofLead: async (leadId) => {
      const rows = await table.query(leadPk(leadId), mailsPrefix);
      const own = rows.find((it) => it.sk === mailsSk(leadId)) ?? {};
      const mails = mailsOf(own);
      return {
        mails: rows.length === 1 && rows[0] === own ? mails : rows.flatMap(mailsOf),
        own: mails,
        revision: Number(own.revision ?? 0),
      };
    },
    take: async (leadId, mail, since, { own, revision }) => {
      const taken: Record<string, Item> = {};
      for (const { key, enrolmentId, at } of own) if (at >= since && key !== mail.key) taken[key] = { enrolmentId, at };
      taken[mail.key] = { enrolmentId: mail.enrolmentId, at: mail.at };
      const row = { pk: leadPk(leadId), sk: mailsSk(leadId), taken, revision: revision + 1 };
      return (await table.put(row, revision === 0 ? { exists: false } : { equals: { revision } })) === 'written' ? 'taken' : 'refused';
    },
    giveBack: async (leadId, key) =>
      void (await table.update(keyOf(leadId), { removeIn: { taken: [key] }, increase: { revision: 1 } }, { exists: true })),
  };
};

const mailsOf = (row: Item): readonly CountedMail[] =>
  Object.entries((row.taken ?? {}) as { readonly [key: string]: Omit<CountedMail, 'key'> }).map(([key, it]) => ({ key, ...it }));
