import { writeFile } from 'node:fs/promises';
import { fractionOf } from '#core/hash';

/** Writes examples/leads.csv: 300 made-up people and some rows as real lists have them. Same seed, same bytes. */
const seed = 'leads of the demo';
const count = 300;

const places = [
  {
    country: 'DE',
    zones: ['Europe/Berlin'],
    weight: 20,
    first: ['Anna', 'Jonas', 'Lena', 'Felix', 'Mia', 'Jürgen', 'Katrin'],
    last: ['Schäfer', 'Weber', 'Koch', 'Brandt', 'Vogel'],
  },
  { country: 'AT', zones: ['Europe/Vienna'], weight: 5, first: ['Lukas', 'Eva', 'Martin'], last: ['Gruber', 'Huber', 'Steiner'] },
  { country: 'CH', zones: ['Europe/Zurich'], weight: 5, first: ['Reto', 'Nina', 'Urs'], last: ['Meier', 'Keller', 'Frei'] },
  {
    country: 'US',
    zones: ['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'America/Denver'],
    weight: 22,
    first: ['Maya', 'Jack', 'Olivia', 'Noah', 'Grace', 'Ethan'],
    last: ["O'Brien", 'Carter', 'Nguyen', 'Ramirez', 'Lee'],
  },
  {
    country: 'CA',
    zones: ['America/Toronto', 'America/Vancouver'],
    weight: 6,
    first: ['Liam', 'Chloé', 'Emma'],
    last: ['Tremblay', 'Singh', 'Wilson'],
  },
  {
    country: 'GB',
    zones: ['Europe/London'],
    weight: 12,
    first: ['Harry', 'Isla', 'Oscar', 'Amelia'],
    last: ['Clarke', 'Patel', 'Hughes', 'Ward'],
  },
  { country: 'IE', zones: ['Europe/Dublin'], weight: 5, first: ['Aoife', 'Cian', 'Niamh'], last: ['Byrne', 'Walsh', "O'Connor"] },
  { country: 'FR', zones: ['Europe/Paris'], weight: 6, first: ['Léa', 'Hugo', 'Zoé'], last: ['Moreau', 'Lefèvre', 'Girard'] },
  { country: 'NL', zones: ['Europe/Amsterdam'], weight: 5, first: ['Daan', 'Sanne', 'Bram'], last: ['de Vries', 'Bakker', 'Visser'] },
  { country: 'SE', zones: ['Europe/Stockholm'], weight: 4, first: ['Elsa', 'Axel', 'Åsa'], last: ['Lindqvist', 'Nyström', 'Öberg'] },
  { country: 'AU', zones: ['Australia/Sydney', 'Australia/Perth'], weight: 4, first: ['Ruby', 'Angus'], last: ['Thompson', 'Murray'] },
  { country: 'NZ', zones: ['Pacific/Auckland'], weight: 2, first: ['Aroha', 'Finn'], last: ['Ngata', 'Campbell'] },
  { country: 'BR', zones: ['America/Sao_Paulo'], weight: 2, first: ['João', 'Marina'], last: ['Souza', 'Almeida'] },
  { country: 'JP', zones: ['Asia/Tokyo'], weight: 1, first: ['Yuki', 'Haruto'], last: ['Tanaka', 'Sato'] },
  { country: 'IN', zones: ['Asia/Kolkata'], weight: 1, first: ['Priya', 'Arjun'], last: ['Sharma', 'Iyer'] },
];
const companyStart = [
  'Alder',
  'Brightwater',
  'Cobalt',
  'Dunmore',
  'Eastgate',
  'Fairhaven',
  'Granite',
  'Hollow',
  'Ironbridge',
  'Juniper',
  'Kestrel',
  'Larkfield',
  'Meridian',
  'Northlight',
  'Oakhurst',
];
const companyEnd = [
  'Builders',
  'Construction',
  'Homes',
  'Contractors',
  'Developments',
  'Joinery',
  'Interiors',
  'Civil Works',
  'Restoration',
  'Housing',
];
const titles = [
  'Head of Construction',
  'Site Manager',
  'Project Manager',
  'Project Director',
  'Owner',
  'Quantity Surveyor',
  'Office Manager',
  'Foreman',
  'Architect',
];
const header = [
  'email',
  'first-name',
  'last-name',
  'company',
  'job-title',
  'country',
  'time-zone',
  'employees',
  'source',
  'phone',
  'consent-topics',
  'consent-at',
  'consent-source',
  'consent-confirmed-at',
];

const draw = (at: number, what: string) => fractionOf(`${seed} ${at} ${what}`);
const pick = <T>(list: readonly T[], at: number, what: string): T => list[Math.floor(draw(at, what) * list.length)] as T;

const placeFor = (at: number) => {
  const total = places.reduce((sum, it) => sum + it.weight, 0);
  let left = draw(at, 'place') * total;
  for (const place of places) {
    left -= place.weight;
    if (left < 0) return place;
  }
  return places[0] as (typeof places)[number];
};

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();

/** The tool before Baton asked in these countries; not everybody pressed the button. */
const isConfirmed = (at: number, country: string) => ['DE', 'AT', 'CH'].includes(country) && draw(at, 'confirmed') < 0.7;

const lead = (at: number): string[] => {
  const place = placeFor(at);
  const first = pick(place.first, at, 'first');
  const last = pick(place.last, at, 'last');
  const company = `${pick(companyStart, at, 'start')} ${pick(companyEnd, at, 'end')}`;
  const domain = draw(at, 'mailbox') < 0.1 ? 'freemail.example' : `${plain(company)}.example`;
  const source = draw(at, 'source') < 0.5 ? 'webinar' : draw(at, 'source') < 0.85 ? 'trial' : 'content';
  const both = draw(at, 'topics');
  const topics = both < 0.62 ? 'product-tips; events' : both < 0.78 ? 'events' : both < 0.96 ? 'product-tips' : '';
  const day = 1 + Math.floor(draw(at, 'day') * 27);
  return [
    `${plain(first)}.${plain(last)}${at}@${domain}`,
    draw(at, 'named') < 0.06 ? '' : first,
    last,
    company,
    pick(titles, at, 'title'),
    place.country,
    draw(at, 'zone?') < 0.18 ? '' : pick(place.zones, at, 'zone'),
    draw(at, 'size?') < 0.05 ? '' : String(Math.round(8 + 900 * draw(at, 'size') ** 2)),
    source,
    draw(at, 'phone?') < 0.7 ? '' : `+49 30 555${String(1000 + at)}`,
    topics,
    topics === '' ? '' : `2026-02-${String(day).padStart(2, '0')}T09:${String(at % 60).padStart(2, '0')}:00Z`,
    topics === '' ? '' : source === 'webinar' ? 'webinar form' : source === 'trial' ? 'trial sign-up' : 'guide download',
    topics !== '' && isConfirmed(at, place.country)
      ? `2026-02-${String(day).padStart(2, '0')}T18:${String(at % 60).padStart(2, '0')}:00Z`
      : '',
  ];
};

/** As real lists have them: each is reported with its line and reason, the rest of the file goes in. */
const messy: readonly string[][] = [
  ['not-an-address', 'Bob', 'Broken', 'Nowhere Ltd', '', 'GB', '', '20', 'webinar', '', 'events', '2026-02-01', 'webinar form'],
  ['two@at@signs.example', 'Tess', 'Two', 'At Signs', '', 'GB', '', '20', 'webinar', '', '', '', ''],
  ['', 'No', 'Address', 'Empty Ltd', '', 'IE', '', '12', 'trial', '', '', '', ''],
  ['spaces in@side.example', 'Sid', 'Space', 'Side', '', 'GB', '', '', 'content', '', '', '', ''],
  ['trailing@dot.', 'Tra', 'Iling', 'Dot', '', 'GB', '', '', 'content', '', '', '', ''],
  ['FIRST', 'same', 'address', 'in capitals', '', 'DE', '', '', 'webinar', '', '', '', ''],
  ['SECOND', 'same', 'address', 'again', '', 'DE', '', '', 'trial', '', '', '', ''],
  ['cells@missing.example', 'Mia', 'Missing', 'Cells'],
  ['cells@many.example', 'Max', 'Many', 'Cells', '', 'DE', '', '3', 'trial', '', '', '', '', '', 'one too many'],
];
/** These are leads, but something of them is left out with a warning. */
const odd: readonly string[][] = [
  [
    'formula@odd.example',
    '=HYPERLINK("http://odd.example")',
    'Formula',
    'Odd Ltd',
    '',
    'GB',
    '',
    '40',
    'webinar',
    '',
    'events',
    '2026-02-03',
    'webinar form',
  ],
  ['zone@odd.example', 'Zoe', 'Zone', 'Odd Ltd', '', 'GB', 'Europe/Nowhere', '40', 'webinar', '', 'events', '2026-02-03', 'webinar form'],
  ['future@odd.example', 'Fay', 'Future', 'Odd Ltd', '', 'GB', '', '40', 'webinar', '', 'events', '2031-01-01', 'webinar form'],
  ['nosource@odd.example', 'Ned', 'Source', 'Odd Ltd', '', 'GB', '', '40', 'trial', '', 'product-tips', '2026-02-03', ''],
  ['topic@odd.example', 'Tia', 'Topic', 'Odd Ltd', '', 'GB', '', '40', 'trial', '', 'product-tips; weather', '2026-02-03', 'trial sign-up'],
  [
    'quoted@odd.example',
    'Quin',
    'Quoted',
    'Two lines\nLtd',
    '',
    'GB',
    '',
    '40',
    'trial',
    '',
    'product-tips',
    '2026-02-03',
    'trial sign-up',
  ],
  ['country@odd.example', 'Cora', 'Country', 'Odd Ltd', '', 'Germany', '', 'about 40', 'content', '', '', '', ''],
];

const cell = (text: string) => (/[",\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const good = Array.from({ length: count - odd.length }, (_, at) => lead(at));
const twin = (at: number) => (good[at]?.[0] ?? '').toUpperCase();
const rows: string[][] = [];
good.forEach((row, at) => {
  rows.push(row);
  if (at % 40 === 20) rows.push(odd[Math.floor(at / 40)] ?? row);
  if (at % 30 === 29) {
    const bad = messy[Math.floor(at / 30)];
    if (bad) rows.push(bad.map((it) => (it === 'FIRST' ? twin(3) : it === 'SECOND' ? `  ${twin(57)} ` : it)));
  }
});
/** Those written above end before the last column. */
const whole = (row: readonly string[]) => (row.length === header.length - 1 ? [...row, ''] : row);
const text = [header, ...rows].map((row) => whole(row).map(cell).join(',')).join('\n');
await writeFile(new URL('../examples/leads.csv', import.meta.url), `${text}\n`);
