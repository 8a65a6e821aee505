import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { ConsentEntry, Decision, Histories } from '#core/ports';
import type { SendRecord } from '#core/sending';
import type { Table } from '#core/table';
import { fromItem, isFormer } from './items.ts';

export const historyStore = (table: Table): Histories => ({
  ofLead: async (leadId, reading) => {
    const items = await table.query(leadPk(leadId), '', reading);
    const rowsOf = <Row>(prefix: string) => items.filter((it) => String(it.sk).startsWith(prefix)).map((it) => fromItem<Row>(it));
    const profile = items.find((it) => it.sk === profileSk);
    return {
      ...(profile && (isFormer(profile) ? { mergedInto: String(profile.mergedInto) } : { lead: fromItem<Lead>(profile) })),
      events: rowsOf<EventRow>('EVENT#'),
      sends: rowsOf<SendRecord>('SEND#'),
      enrolments: rowsOf<Enrolment>('ENROLMENT#'),
      decisions: rowsOf<Decision>('DECISION#'),
      moves: rowsOf<StageMove>('STAGE#'),
      consents: rowsOf<ConsentEntry>('CONSENT#'),
    };
  },
});
