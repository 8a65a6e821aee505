import type { Mapping } from '#core/imports/mapping';
import { MappingShape, readMapping } from '#core/imports/mapping-schema';
import type { Problem } from '#core/problems';
import { readYaml } from '#core/yaml-source';
import { reportIssues } from '#core/zod-report';

/** A mapping file as `baton check` reads it, with all that is wrong in it. */
export const mappingFrom = (
  text: string,
  name = 'crm',
): { readonly mapping: Mapping | undefined; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const source = readYaml(`imports/${name}.yaml`, text, problems);
  const data = MappingShape.safeParse(source.data ?? {}, { reportInput: true });
  if (!data.success) {
    reportIssues(data.error, [], source.report, MappingShape);
    return { mapping: undefined, problems };
  }
  const mapping = readMapping(data.data, {
    name,
    topics: ['tips', 'events'],
    report: source.report,
    read: (shape, raw, path) => {
      const read = shape.safeParse(raw, { reportInput: true });
      if (!read.success) reportIssues(read.error, path, source.report, shape);
      return read.data;
    },
  });
  return { mapping: mapping && { ...mapping, hash: 'h' }, problems };
};

export const crm = `
list: crm
email: E-Mail
external-id: { column: CRM Id, system: crm }
on-new-address: merge
updated-at: { column: Changed, format: DD.MM.YYYY HH:mm, time-zone: Europe/Berlin }
country: IE
columns:
  Vorname: first-name
  Land: { field: country, values: { Deutschland: DE, Irland: IE }, others: leave-out }
  Umsatz: { field: revenue, read: number, decimal: comma }
  Kunde: { field: is-customer, read: boolean, yes: [Ja], no: [Nein] }
  Seit: { field: since, read: date, format: D.M.YYYY }
  Notiz: ignore
constants: { source: crm }
consent: { topic: tips, if: { column: Newsletter, is: [Ja] }, at: Zugestimmt, source: CRM form }
update: { revenue: theirs, source: ours }
`;

export const aMapping = (text = crm, name = 'crm'): Mapping => {
  const { mapping, problems } = mappingFrom(text, name);
  if (!mapping) throw new Error(JSON.stringify(problems));
  return mapping;
};
