import './plain-errors.ts';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildSync } from 'esbuild';
import * as z from 'zod';
import { AnswersShape } from '#core/answers-schema';
import { DealsShape, SalesBehaviourShape } from '#core/behaviour/sales-schema';
import { BehaviourEventShape, BehaviourShape, PersonaShape } from '#core/behaviour/schema';
import { BrandShape } from '#core/brand-schema';
import { ConditionShape } from '#core/condition-schema';
import { alwaysThere } from '#core/email';
import { ErasedEvent } from '#core/erased-event';
import { FormShape } from '#core/forms-schema';
import { GlobalExitShape } from '#core/global-exits';
import { ColumnShape, ImportConsentShape, MappingShape, TimeColumnShape } from '#core/imports/mapping-schema';
import { stages } from '#core/lead';
import { BudgetShape, ConsentShape, SoftBouncesShape, StopTheLineShape, WarmUpShape } from '#core/mail-rules-schema';
import { reasons } from '#core/reasons';
import { RepShape } from '#core/rep-schema';
import { HandoffEvent } from '#core/sales-events-schema';
import { SalesTaskMessage } from '#core/sales-message-schema';
import { HoldingShape, SalesShape } from '#core/sales-schema';
import { DisqualifyShape, EngagementShape, FitShape, GradesShape, ScoringShape } from '#core/scoring-schema';
import { ActShape, TestShape } from '#core/sequence-tests/schema';
import { EnterDateShape, EnterShape, ExitShape, SequenceSchema } from '#core/sequences/schema';
import { stepKinds } from '#core/sequences/steps/registry';
import { WinnerShape } from '#core/sequences/winner-rule';
import { StageRuleShape } from '#core/stage-rules';
import { constructPage } from './generate/construct-page.ts';
import { endpointsPage } from './generate/endpoints-page.ts';
import { scalePage } from './generate/scale-page.ts';
import { settingsPropsModule } from './generate/settings-props.ts';

/** Every generated file. `npm run generate` writes them, `npm run fresh` fails when one is out of date. */
const ScoringSchema = ScoringShape.extend({
  fit: z.array(FitShape),
  disqualify: z.array(DisqualifyShape).optional(),
  stages: z.array(StageRuleShape).optional(),
  engagement: ScoringShape.shape.engagement.extend({ rules: z.array(EngagementShape) }),
  qualified: z.looseObject({
    hold: z.string().optional().describe('How long it must stay true, e.g. 30 minutes'),
    hysteresis: z.string().optional().describe('Points that it may fall short while it must stay true, e.g. 2 points'),
  }),
});

const TimeSchema = z.union([z.string(), TimeColumnShape]);
const ImportSchema = MappingShape.extend({
  columns: z.record(z.string(), z.union([z.string(), ColumnShape])),
  'updated-at': TimeSchema.optional(),
  consent: ImportConsentShape.extend({ at: TimeSchema, 'confirmed-at': TimeSchema.optional() }).optional(),
});

const jsonSchema = (title: string, schema: z.ZodType): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) }, undefined, 2)}\n`;

const files: readonly { readonly path: string; readonly content: () => string }[] = [
  { path: 'schemas/brand.schema.json', content: () => jsonSchema('brand.yaml', BrandShape) },
  { path: 'schemas/scoring.schema.json', content: () => jsonSchema('scoring.yaml', ScoringSchema) },
  { path: 'schemas/sales.schema.json', content: () => jsonSchema('sales.yaml', SalesShape) },
  { path: 'schemas/behaviour.schema.json', content: () => jsonSchema('behaviour.yaml', BehaviourShape) },
  { path: 'schemas/form.schema.json', content: () => jsonSchema('forms/<id>.yaml', FormShape) },
  { path: 'lambdas/api/collect/snippet.generated.ts', content: () => snippetModule() },
  { path: 'schemas/sequence.schema.json', content: () => jsonSchema('sequence.yaml', SequenceSchema) },
  { path: 'schemas/import.schema.json', content: () => jsonSchema('imports/<name>.yaml', ImportSchema) },
  { path: 'schemas/test.schema.json', content: () => jsonSchema('sequences/<id>/tests/<name>.yaml', TestShape) },
  { path: 'schemas/sales-task.schema.json', content: () => jsonSchema('a message of the queue sales-tasks', SalesTaskMessage) },
  { path: 'schemas/handoff-event.schema.json', content: () => jsonSchema('the detail of an event baton.handoff.*', HandoffEvent) },
  { path: 'schemas/erased-event.schema.json', content: () => jsonSchema('the detail of an event baton.lead.erased', ErasedEvent) },
  { path: 'docs/reference.md', content: () => reference() },
  { path: 'lib/settings-props.generated.ts', content: settingsPropsModule },
  { path: 'docs/construct.md', content: constructPage },
  { path: 'docs/endpoints.md', content: endpointsPage },
  { path: 'docs/scale.md', content: scalePage },
];

/** web/track/snippet.ts as browsers get it. */
const snippetModule = (): string => {
  const { outputFiles } = buildSync({
    entryPoints: ['web/track/snippet.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    legalComments: 'none',
    write: false,
  });
  const text = (outputFiles[0]?.text ?? '').trim();
  return `/** Made of web/track/snippet.ts by \`npm run generate\`. */\nexport const snippet =\n  '${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}';\n`;
};

const reference = (): string =>
  [
    '# Reference of the marketing folder',
    '',
    'Generated from the schemas by `npm run generate`. Keys that are not listed are errors.',
    '',
    ...section('brand.yaml', BrandShape),
    ...section('brand.yaml: `consent`', ConsentShape),
    ...section('brand.yaml: `soft-bounces`', SoftBouncesShape),
    ...section('brand.yaml: `stop-the-line`', StopTheLineShape),
    ...section('brand.yaml: `budget`', BudgetShape),
    ...section('brand.yaml: `warm-up`', WarmUpShape),
    ...section('brand.yaml: an entry of `exits`', GlobalExitShape),
    ...section('scoring.yaml', ScoringShape),
    ...section('scoring.yaml: a rule under `fit`', FitShape),
    ...section('scoring.yaml: a rule under `disqualify`', DisqualifyShape),
    ...section('scoring.yaml: a rule under `engagement.rules`', EngagementShape),
    ...section('scoring.yaml: `grades`', GradesShape),
    ...section('scoring.yaml: a rule under `stages`', StageRuleShape),
    ...section('sales.yaml', SalesShape),
    ...section('sales.yaml: `answers`', AnswersShape),
    ...section('sales.yaml: a member of the team', RepShape),
    ...section('sales.yaml: `holding`', HoldingShape),
    ...section('imports/<name>.yaml', MappingShape),
    ...section('imports/<name>.yaml: a column under `columns`', ColumnShape),
    ...section('imports/<name>.yaml: `consent`', ImportConsentShape),
    ...section('imports/<name>.yaml: a time', TimeColumnShape),
    ...section('forms/<id>.yaml', FormShape),
    ...section('behaviour.yaml', BehaviourShape),
    ...section('behaviour.yaml: a persona under `personas`', PersonaShape),
    ...section('behaviour.yaml: an entry of `events`', BehaviourEventShape),
    ...section('behaviour.yaml: `sales`', SalesBehaviourShape),
    ...section('behaviour.yaml: `sales: deals`', DealsShape),
    ...section('sequence.yaml', SequenceSchema),
    ...section('sequence.yaml: `enter`', EnterShape),
    ...section('sequence.yaml: `enter: date`', EnterDateShape),
    ...section('sequence.yaml: an entry of `exit`', ExitShape),
    ...section('sequences/<id>/tests/<name>.yaml', TestShape),
    ...section('tests: what must come of it, under `expect`', TestShape.shape.expect),
    ...section('tests: what the lead does, under `timeline`', ActShape),
    '## Step kinds',
    '',
    'A step is a map with one key, its name: `- welcome: { email: welcome }`.',
    '',
    ...stepKinds.flatMap((kind) => [
      `### ${kind.kind}`,
      '',
      kind.help,
      '',
      ...('shape' in kind.schema ? rows(kind.schema as z.ZodObject) : []),
      '',
    ]),
    '### split: `winner`',
    '',
    ...rows(WinnerShape),
    '',
    '## Conditions',
    '',
    `Words: ${ConditionShape.description ?? ''}.`,
    '',
    '```yaml',
    'all: [ <condition>, … ]        # every one',
    'any: [ <condition>, … ]        # at least one',
    'not: <condition>',
    '{ field: country, in: [DE, AT] }   # also is, is-not, not-in, between: [a, b], at-least, at-most, contains, set: true',
    '{ fit: { at-least: 15 } }          # or at-most, or both',
    '{ engagement: { at-least: 30 } }',
    `{ stage: won }                     # ${stages.join(', ')}`,
    '{ grade: [A1, A2, B1] }            # if scoring.yaml has grades',
    '{ field: email-domain, in: free-mail }   # a list of scoring.yaml, or of ours: free-mail, role-names',
    '{ topic: product-tips }            # the lead agreed to it',
    '{ opened: welcome }                # an e-mail step of this run; also clicked',
    '{ did: project.created }           # an event since enrolment',
    '{ visited: /pricing* }             # a page since enrolment',
    '```',
    '',
    '## Merge fields',
    '',
    `Always there: ${alwaysThere.map((it) => `\`${it}\``).join(', ')}; in the mail that asks to confirm also \`confirm-url\`. Any other`,
    '`lead.<field>` may be missing, so it needs `| default: …` or an `{% if lead.<field> %}` around it.',
    '',
    '## Reasons',
    '',
    'Why a lead did not enter, a run ended, or a mail did not go.',
    '',
    '| reason | means |',
    '|---|---|',
    ...Object.entries(reasons).map(([reason, sentence]) => `| \`${reason}\` | ${sentence} |`),
    '',
  ].join('\n');

const section = (title: string, shape: z.ZodObject): readonly string[] => [`## ${title}`, '', ...rows(shape), ''];

const rows = (shape: z.ZodObject): readonly string[] => [
  '| key | needed | meaning |',
  '|---|---|---|',
  ...Object.entries(shape.shape as Record<string, z.ZodType>).map(
    ([key, value]) =>
      `| \`${key}\` | ${value.safeParse(undefined).success ? '' : 'yes'} | ${(value.description ?? '').replaceAll('|', '\\|')} |`,
  ),
];

const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const { path, content } of files) {
  const text = content();
  if (isCheck) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) stale.push(path);
  } else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
if (stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}; run npm run generate`);
  process.exitCode = 1;
}
