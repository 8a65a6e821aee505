import { styleText } from 'node:util';
import type { Plan } from '#cli/plan';
import { configParts } from '#core/changes/config-changes';
import type { Reach, SequencePlan, VersionPlan } from '#core/changes/plan';
import { onlyLooks, type StepChange } from '#core/changes/sequence-changes';
import { offInWords } from '#core/sequences/check';
import { contentKept } from '#core/sequences/newest-content';
import { mostLeaving } from '#core/switched-off';
import type { MigrationPlan } from '#lambdas/legs/migrate';

/** A heading with its lines; a line that begins with two spaces belongs to the one before. */
type Block = { readonly mark: '+' | '~' | '−' | '='; readonly title: string; readonly what: string; readonly lines: readonly string[] };

export const planInWords = (plan: Plan): string =>
  [
    headingOf(plan),
    ...blocksOf(plan).map((it) => [`${coloured(it.mark)} ${it.title}  ${it.what}`, ...it.lines.map((line) => `    ${line}`)].join('\n')),
    closingOf(plan),
  ].join('\n\n');

export const planAsMarkdown = (plan: Plan): string =>
  [
    `## ${escaped(headingOf(plan))}`,
    ...blocksOf(plan).map((it) =>
      [
        `### ${it.mark === '−' ? '➖' : it.mark === '+' ? '➕' : it.mark === '~' ? '✏️' : '🟰'} ${escaped(it.title)}`,
        escaped(it.what),
        ...(it.lines.length > 0 ? [''] : []),
        ...it.lines.map((line) => `${line.startsWith('  ') ? '  ' : ''}- ${escaped(line.trim())}`),
      ].join('\n'),
    ),
    escaped(closingOf(plan)),
  ].join('\n\n');

/** What a reader of Markdown would take for something else. */
const escaped = (text: string): string => text.replace(/[\\`*_<>#|[\]]/g, '\\$&').replace(/^([+-])/, '\\$1');

const colours = { '+': 'green', '~': 'yellow', '−': 'red', '=': 'dim' } as const;
const coloured = (mark: Block['mark']): string => (process.stdout.isTTY ? styleText(colours[mark], mark) : mark);

const headingOf = ({ against, leads }: Plan): string =>
  `The marketing folder against ${against}${leads === undefined ? '' : `, with ${counted(leads)} in flight`}`;

const closingOf = (plan: Plan): string => {
  const changed =
    plan.sequences.filter((it) => it.is !== 'unchanged' || it.switched !== undefined).length +
    configParts.filter((it) => plan.config[it].length > 0).length;
  if (changed === 0) return 'Nothing would change.';
  if (plan.leads === undefined) return 'A git ref knows no leads: npx baton plan looks at those of what is deployed.';
  return 'This was a look: nothing was deployed, and nobody was moved.';
};

const blocksOf = (plan: Plan): readonly Block[] => [
  ...plan.sequences.filter((it) => !isStill(it)).map((it) => ofSequence(it, plan)),
  ...stillOnes(plan.sequences.filter(isStill)),
  ...configParts.flatMap((part): readonly Block[] => {
    const lines = plan.config[part];
    if (lines.length === 0) return [];
    return [{ mark: '~', title: files[part], what: `holds for ${everyone[part]} from the deployment on`, lines }];
  }),
];

/** Nothing changes in it, and nobody is in it. */
const isStill = ({ is, switched, versions }: SequencePlan): boolean =>
  is === 'unchanged' && switched === undefined && versions.every((it) => it.leads === 0);
const stillOnes = (sequences: readonly SequencePlan[]): readonly Block[] =>
  sequences.length === 0 ? [] : [{ mark: '=', title: sequences.map((it) => it.sequence).join(', '), what: 'unchanged', lines: [] }];

const files = {
  brand: 'brand.yaml',
  scoring: 'scoring.yaml',
  sales: 'sales.yaml',
  pages: 'pages/',
  forms: 'forms/',
  imports: 'imports/',
} as const;
const everyone = {
  brand: 'all mail, also to leads in flight,',
  scoring: 'all leads, also those in flight (npx baton score --diff says whom it moves),',
  sales: 'handoffs',
  pages: 'all pages',
  forms: 'what comes in',
  imports: 'lists',
} as const;

const ofSequence = (it: SequencePlan, { migrations, leads }: Plan): Block => {
  const looked = leads !== undefined;
  const inside = it.versions.reduce((sum, one) => sum + one.leads, 0);
  switch (it.is) {
    case 'new':
      return { mark: '+', title: it.sequence, what: `new: leads enter ${it.enters?.join(', or ') ?? ''}`, lines: switchedInWords(it) };
    case 'retired':
      return {
        mark: '−',
        title: it.sequence,
        what: 'retired: takes no new leads; those inside go through to its end',
        lines: looked ? whereabouts(it.versions, inside) : [],
      };
    case 'unchanged':
      return {
        mark: '=',
        title: it.sequence,
        what: 'unchanged',
        lines: [...switchedInWords(it), ...(inside > 0 ? [...whereabouts(it.versions, inside), ...leavingInWords(it)] : [])],
      };
    case 'changed': {
      const own = [...it.settings, ...alike(it.steps).flatMap(stepsInWords)];
      const lines = [
        ...switchedInWords(it),
        ...(own.length > 0 ? own : ['nothing that you wrote: this release of Baton compiles it otherwise']),
        ...(looked ? whereabouts(it.versions, inside) : []),
        ...effectsOf(it, migrations[it.sequence], looked),
      ];
      return { mark: '~', title: it.sequence, what: `version ${it.before} becomes ${it.after}`, lines };
    }
  }
};

/** It counts for leads on every version, whatever the steps say. */
const switchedInWords = ({ switched }: SequencePlan): readonly string[] => {
  if (switched === undefined) return [];
  if (switched === 'on') return ['is switched on: leads enter again, and e-mails that waited go when they are looked at next'];
  return [`is switched off: nobody enters, and ${offInWords[switched]}`];
};

const verbs = {
  added: ['is new', 'are new'],
  removed: ['is gone', 'are gone'],
  renamed: ['has another name', 'have another name'],
  moved: ['stands elsewhere', 'stand elsewhere'],
  changed: ['changes', 'change'],
  words: ['says something else', 'say something else'],
} as const;

type Alike = Omit<StepChange, 'step'> & { readonly steps: readonly string[] };

/** What happens to many steps in the same way, such as other hours of the whole sequence, is said once. */
const alike = (changes: readonly StepChange[]): readonly Alike[] => {
  const groups = new Map<string, Alike>();
  for (const { step, ...change } of changes) {
    const key = `${change.do} ${change.lines.join('\n')}`;
    groups.set(key, { ...change, steps: [...(groups.get(key)?.steps ?? []), step] });
  }
  return [...groups.values()];
};

const stepsInWords = ({ steps, do: what, lines }: Alike): readonly string[] => {
  if (lines[0] === onlyLooks) return [`${quoted(steps)}: ${onlyLooks}`];
  const [first = '', ...rest] = lines;
  const said = `${quoted(steps)} ${verbs[what][steps.length === 1 ? 0 : 1]}`;
  return rest.length === 0 ? [first === '' ? said : `${said}: ${first}`] : [`${said}:`, ...lines.map((it) => `  ${it}`)];
};
const quoted = (steps: readonly string[]): string => steps.map((it) => `“${it}”`).join(', ');

const whereabouts = (versions: readonly VersionPlan[], inside: number): readonly string[] => {
  if (inside === 0) return ['no lead is in it'];
  return versions
    .filter((it) => it.leads > 0)
    .map(({ version, leads, steps }) => {
      const where = Object.entries(steps).sort(([, one], [, other]) => other - one);
      return `${counted(leads)} on version ${version}: ${where.map(([step, count]) => `${count} at ${step}`).join(', ')}`;
    });
};

/** What becomes of the leads inside. */
const effectsOf = (it: SequencePlan, migration: MigrationPlan | undefined, looked: boolean): readonly string[] => {
  const inside = it.versions.some((one) => one.leads > 0);
  if (looked && !inside) return [`new leads enter version ${it.after}`];
  if (it.leave) return leavingInWords(it);
  return [
    ...(migration
      ? migrationInWords(migration)
      : ['leads inside finish on the version they entered: nobody is moved, nobody is ejected; new leads enter the new one']),
    ...it.versions.flatMap((one) => reachInWords(one, it.versions.length > 1)),
  ];
};

/** Half an hour for the first: the watchdog sees the rules, and acts at its next tick. */
const leavingInWords = ({ leave, versions }: SequencePlan): readonly string[] => {
  const inside = versions.reduce((sum, one) => sum + one.leads, 0);
  if (!leave || inside === 0) return [];
  const howSoon =
    inside <= mostLeaving
      ? 'within half an hour of the deployment'
      : `from half an hour after the deployment on, ${mostLeaving} each quarter of an hour`;
  return [`${counted(inside)} in it get no more mail and leave, ${howSoon}: nothing brings them back`];
};

const migrationInWords = ({ sequence, steps, waiting, unmapped }: MigrationPlan): readonly string[] => {
  const lost = Object.entries(unmapped);
  if (lost.length > 0)
    return [
      'baton migrate will move nobody, for these steps have no place in the new version (say where under migrate: steps:):',
      ...lost.map(([step, leads]) => `  ${counted(leads)} at ${step}`),
    ];
  const moved = steps.reduce((sum, one) => sum + one.leads, 0);
  const mailed = steps.reduce((sum, one) => sum + one.mailWithinADay.length, 0);
  return [
    `once it is deployed, npx baton migrate ${sequence} moves ${counted(moved)}; until then, and without it, they finish on their version`,
    ...steps.map((one) => `  ${one.leads} from ${one.from}${one.from === one.to ? ', which stays' : ` to ${one.to}`}`),
    ...(mailed > 0 ? [`  ${counted(mailed)} of them may get mail within 24 hours of it`] : []),
    ...(waiting > 0 ? [`  ${counted(waiting)} must be waited for: about to go on, or a mail is on its way`] : []),
  ];
};

const reachInWords = ({ version, reaches }: VersionPlan, isOneOfMany: boolean): readonly string[] => {
  const of = isOneOfMany ? ` of version ${version}` : '';
  const reached = reaches.filter((it) => it.kept === undefined).map((it) => it.step);
  const kept = reaches.filter((it): it is Required<Reach> => it.kept !== undefined);
  return [
    ...(reached.length > 0 ? [`content: latest: leads${of} who have not had them yet get the new words of ${quoted(reached)}`] : []),
    ...kept.map((it) => `content: latest does not reach leads${of} with “${it.step}”: the new version ${contentKept[it.kept]}`),
  ];
};

const counted = (leads: number): string => `${leads} lead${leads === 1 ? '' : 's'}`;
