/** Names of ours out of names of others: lower-case words with hyphens, at most so long, never empty. */
export const slugOf = (text: string, most = 32, otherwise = 'step'): string => {
  const words = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const begun = /^[a-z]/.test(words) ? words : words === '' ? otherwise : `${otherwise}-${words}`;
  return begun.slice(0, most).replace(/-+$/g, '');
};

/** An event as conditions name it: dots stay. */
export const eventOf = (name: string): string =>
  name
    .split('.')
    .map((part) => slugOf(part, 32, 'event'))
    .join('.')
    .slice(0, 64);

/** The field of ours that holds what others call so: `FirstName`, `first_name` and `firstname` are `first-name`. */
export const fieldOf = (name: string): string => usual[name.toLowerCase().replace(/[^a-z]/g, '')] ?? slugOf(name, 40, 'field');
const usual: { readonly [name: string]: string } = {
  firstname: 'first-name',
  lastname: 'last-name',
  surname: 'last-name',
  companyname: 'company',
  jobtitle: 'title',
  position: 'title',
};

/** A tag stands for a segment or list of another tool: somebody has to set it. */
export const tagOf = (name: string): string => slugOf(name, 28, 'segment');

const units = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2 days`: the largest unit that it is whole in. undefined: shorter than a second. */
export const secondsInYaml = (seconds: number): string | undefined => {
  const whole = Math.round(seconds);
  if (whole < 1) return undefined;
  const [unit, size] = units.find(([, each]) => whole % each === 0) ?? ['second', 1];
  const count = whole / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};

/** ISO 8601, as Pinpoint writes it: P2D, PT6H, P1W, PT1H30M. Months are 30 days. undefined: it is none. */
export const secondsOfIso = (text: string): number | undefined => {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text.trim());
  if (!found || found.slice(1).every((it) => it === undefined)) return undefined;
  const sizes = [365 * 86_400, 30 * 86_400, 604_800, 86_400, 3600, 60, 1];
  return found.slice(1).reduce((sum, it, at) => sum + Number(it ?? 0) * (sizes[at] ?? 0), 0);
};

/** Whole percents of at least 1 that make 100, as near as can be to these shares. Arms without a share are left out. */
export const wholeShares = (shares: readonly number[]): readonly number[] => {
  const total = shares.reduce((sum, it) => sum + it, 0);
  const exact = shares.map((it) => (total > 0 ? (it * 100) / total : 0));
  const whole = exact.map((it) => (it > 0 ? Math.max(1, Math.floor(it)) : 0));
  const order = exact.map((it, at) => ({ at, part: it - Math.floor(it) })).sort((one, other) => other.part - one.part || one.at - other.at);
  let missing = 100 - whole.reduce((sum, it) => sum + it, 0);
  for (let turn = 0; missing !== 0 && turn < 1000; turn++) {
    const at = order[turn % order.length]?.at ?? 0;
    const step = Math.sign(missing);
    if ((whole[at] ?? 0) === 0 || (whole[at] ?? 0) + step < 1) continue;
    whole[at] = (whole[at] ?? 0) + step;
    missing -= step;
  }
  return whole;
};
