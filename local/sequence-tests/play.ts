import { createIds } from '#adapters/crypto/ids';
import { armsFor } from '#core/arms';
import type { LiveConfig } from '#core/config';
import { fieldFact } from '#core/entry-facts';
import { endingOf, sentenceFor } from '#core/explain/endings';
import { addSeconds, type Instant } from '#core/instant';
import type { Decision, WebhookResult } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { Act, MailAct, Outcome, SequenceTest, WebhookAnswer } from '#core/sequence-tests/model';
import { timeInWords } from '#core/sequence-tests/times';
import type { Compiled } from '#core/sequences/compile';
import type { Artifact } from '#core/sequences/model';
import { stepOf } from '#core/sequences/rounds';
import { zoneOf } from '#core/time-zone';
import { importLeads } from '#lambdas/api/import-leads';
import { tellOfChanges } from '#lambdas/tell-of-changes';
import { leaveUrl, linksOf } from '#local/dev/mail-views';
import { readLeads } from '#local/report/lead-rows';
import { type Path, pathsOf, tracesOf } from '#local/report/traces';
import { createWorld, type World } from '#local/world';

export type Playing = {
  readonly sequence: string;
  readonly test: SequenceTest;
  /** All sequences, as they are deployed together. */
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
};
export type Played = { readonly outcome: Outcome; readonly path: Path | undefined };

/** A sequence that is switched off for now is tested for the day on which it is on again. */
const switchedOn = (live: LiveConfig, sequence: string): LiveConfig => {
  const { [sequence]: _own, ...off } = live.brand.off ?? {};
  return { ...live, brand: { ...live.brand, off } };
};

/** One lead through the compiled machines in virtual time: the same handlers, stores and runner as the embedded runtime, on Maps. */
export const play = async ({ sequence, test, compiled, live: deployed }: Playing): Promise<Played> => {
  const live = switchedOn(deployed, sequence);
  const artifact = compiled.find((it) => it.artifact.sequence === sequence)?.artifact;
  if (!artifact) throw new Error(`there is no sequence ${sequence}`);
  const first = test.timeline[0]?.at ?? test.until;
  const startAt = addSeconds(first, -60);
  const identityKey = keyFor(test, artifact);
  const world = await createWorld({
    stack: 'memory',
    compiled,
    live,
    startAt,
    seed: 'test',
    identityKey,
    answerWebhook: ({ id }) => answerOf(test.answers?.[stepOf(id.slice(id.indexOf('.') + 1))] ?? {}),
    ticksSlowedBy: () => 8,
    fate: (mail) => [{ id: `${mail.messageId}-delivered`, at: addSeconds(mail.at, 5), kind: 'delivered' }],
  });
  try {
    const leadId = world.ports.ids.leadId(test.email);
    await bringLead(world, leadId, test, startAt);
    for (const [number, { at, act }] of test.timeline.entries()) {
      await world.runUntil(at);
      await perform(world, leadId, { act, number, sequence, email: test.email });
    }
    await world.runUntil(test.until);
    return await outcomeOf(world, leadId, artifact, live);
  } finally {
    await world.stop();
  }
};

const mostKeys = 20_000;

/** Who the lead is decides its arms: a key of the identity under which it falls into those that the test names. */
const keyFor = ({ email, arms }: SequenceTest, artifact: Compiled['artifact']): string => {
  for (let at = 0; at < mostKeys; at++) {
    const key = `the identity key of a sequence test, number ${at}`;
    const found = armsFor(artifact, createIds(key).leadId(email));
    if (Object.entries(arms).every(([split, arm]) => found[split] === arm)) return key;
  }
  throw new Error(
    `no lead falls into the arms ${Object.entries(arms)
      .map((it) => it.join(': '))
      .join(', ')}; has one of them a share of 0?`,
  );
};

const bringLead = async ({ ports }: World, leadId: string, { email, fields, consents }: SequenceTest, at: Instant): Promise<void> => {
  const agreed = { given: true, at, source: 'a sequence test', confirmed: { at } };
  await ports.leads.upsert({ leadId, email, fields, consents: Object.fromEntries(consents.map((it) => [it, agreed])) }, at);
  await tellOfChanges(ports, leadId, ['created']);
};

type Doing = { readonly act: Act; readonly number: number; readonly sequence: string; readonly email: string };

/** Events are a minute apart, so that none looks like a machine's. */
const apartSeconds = 60;

const perform = async (world: World, leadId: string, { act, number, sequence, email }: Doing): Promise<void> => {
  const at = world.clock.now();
  const { ports } = world;
  switch (act.do) {
    case 'did':
    case 'visited': {
      const event = act.do === 'did' ? { name: act.event } : { name: 'visited', path: act.page };
      for (let time = 0; time < act.times; time++) {
        const when = addSeconds(at, time * apartSeconds);
        await world.runUntil(when);
        await ports.eventQueue.push({ source: 'own', eventId: `test-${number}-${time}`, leadId, at: when, ...event });
      }
      return;
    }
    case 'set':
      await ports.leads.upsert({ leadId, email, fields: act.fields, consents: {}, update: { otherwise: 'theirs' } }, at);
      return tellOfChanges(ports, leadId, Object.keys(act.fields).map(fieldFact));
    case 'imported': {
      const rows = async function* () {
        yield { line: 1, cells: { email } };
      };
      await importLeads(ports)(rows(), { list: act.list });
      return;
    }
    case 'opened':
    case 'clicked':
    case 'bounced':
    case 'complained':
    case 'unsubscribed':
      return react(world, leadId, act, sequence);
  }
};

const react = async (world: World, leadId: string, { do: kind, step }: MailAct, sequence: string): Promise<void> => {
  const mail = world.mail.mails().findLast((it) => it.tags.lead === leadId && it.tags.sequence === sequence && it.tags.step === step);
  // The comparison says that it did not go.
  if (!mail) return;
  const at = world.clock.now();
  const id = `${mail.messageId}-${kind}-${at}`;
  switch (kind) {
    case 'unsubscribed':
      return void world.actions.plan({ id, at, leadId, do: 'press', url: leaveUrl(mail) ?? '' });
    case 'bounced':
      return void world.mail.plan(mail.messageId, { id, at, kind, bounceType: 'Permanent', bounceSubType: 'General' });
    case 'clicked':
      return void world.mail.plan(mail.messageId, { id, at, kind, link: linksOf(mail.html)[0]?.url ?? '' });
    case 'opened':
    case 'complained':
      return void world.mail.plan(mail.messageId, { id, at, kind });
  }
};

const outcomeOf = async (world: World, leadId: string, artifact: Artifact, live: LiveConfig): Promise<Played> => {
  const { sequence } = artifact;
  const rows = await readLeads(world, [leadId]);
  const [row] = rows;
  if (!row) throw new Error('the lead was lost');
  const { lead, enrolments, decisions } = row;
  const zone = zoneOf(lead, live.brand).zone;
  const run = enrolments.filter((it) => it.sequence === sequence).at(-1);
  const refused = decisions.findLast((it) => it.sequence === sequence && it.outcome === 'not-enrolled');
  const task = world.queues
    .messagesIn('sales-tasks')
    .map((it) => JSON.parse(it.body) as SalesTask)
    .find((it) => it.leadId === leadId);
  const ended = run ? endingOf(run) : 'not-enrolled';
  const why = run ? undefined : refused?.reason && sentenceFor(refused.reason);
  const sent = world.mail
    .mails()
    .filter((it) => it.tags.lead === leadId && it.tags.sequence === sequence)
    .map((it) => ({ step: it.tags.step ?? '', at: it.at }));
  return {
    outcome: {
      sent,
      notes: decisions.filter((it) => it.outcome === 'deferred' || it.outcome === 'skipped').map((it) => noteOf(it, zone)),
      ...(task && { task: { at: task.createdAt, rep: task.rep } }),
      ended,
      ...(why !== undefined && { why }),
      stage: lead.stage,
    },
    path: pathsOf(artifact, rows, tracesOf(world)).at(-1),
  };
};

const noteOf = ({ step, at, outcome, reason, rule, until }: Decision, zone: string): Outcome['notes'][number] => {
  const next = until === undefined ? '' : `, until ${timeInWords(until, zone)}`;
  return {
    step,
    at,
    what: `${outcome === 'deferred' ? 'put off' : 'skipped'}${next}: ${reason === undefined ? '' : sentenceFor(reason)}${rule === undefined ? '' : ` (${rule})`}`,
  };
};

const answerOf = (answer: WebhookAnswer): WebhookResult => {
  if (answer === 'silent') return { failed: 'time-out' };
  return answer === 'refused' ? { status: 403 } : { status: 200, answer };
};
