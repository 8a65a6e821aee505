import type { Lead } from '#core/lead';

/** Leads that an e-mail is shown for. */
export type Sample = { readonly id: string; readonly words: string; readonly lead: Lead };

const base = (id: string, fields: Lead['fields']): Lead => ({
  leadId: id,
  email: 'kim.oneill@example.com',
  fields,
  stage: 'lead',
  createdAt: '2026-03-02T09:00:00.000Z',
  consents: {},
  active: {},
  handoffs: 0,
});

const known: Lead['fields'] = {
  'first-name': 'Kim',
  'last-name': 'O’Neill',
  company: 'Harbour & Sons <Builders>',
  'job-title': 'Site manager',
  employees: 120,
  country: 'IE',
  'time-zone': 'Europe/Dublin',
  source: 'trial',
};

/** Someone of whom all is known, someone of whom nothing is, someone with long names; and a reader of each language there is. */
export const samplesFor = (locales: readonly string[]): readonly Sample[] => [
  { id: 'known', words: 'everything known', lead: base('known', known) },
  { id: 'unknown', words: 'only the address known', lead: base('unknown', {}) },
  {
    id: 'long',
    words: 'long names',
    lead: base('long', {
      ...known,
      'first-name': 'Maximiliane-Theresia',
      company: 'Wohnungsbaugenossenschaft Niederösterreichischer Handwerksbetriebe',
    }),
  },
  ...locales.map((locale) => ({ id: locale, words: `reads ${locale}`, lead: base(locale, { ...known, locale }) })),
];
