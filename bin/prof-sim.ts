import { loadMarketing } from '#adapters/files/load-marketing';
import { createBehaviour } from '#local/behaviour';
import { createWorld } from '#local/world';
import { addSeconds } from '#core/instant';
import { begin, compiledSixMails, quiet } from './bench/six-mails.ts';
const n = Number(process.argv[2] ?? 500);
const blocks = Number(process.argv[4] ?? 1);
const mode = process.argv[3] as 'direct' | undefined;
const loaded = await loadMarketing('marketing');
const live = quiet(loaded.live!);
const people = createBehaviour('bench');
const compiled = [compiledSixMails()];
const day = 86400;
for (let b = 0; b < blocks; b++) {
  const cpu = process.cpuUsage();
  const world = await createWorld({
    stack: 'memory', ...(mode === 'direct' && { clients: 'direct' as const }), compiled, live, startAt: begin, seed: 'bench',
    fate: (mail) => people.fateOf(mail).filter((it) => it.kind !== 'bounced' && it.kind !== 'complained'),
    ticksSlowedBy: () => 48,
    hasBatchWindows: false,
  });
  const { ports } = world;
  const consent = { given: true, at: begin, source: 'bench' };
  for (let at = 0; at < n; at++) {
    const email = `lead-${b}-${at}@example.com`;
    const leadId = ports.ids.leadId(email);
    await ports.leads.upsert({ leadId, email, fields: { country: 'IE' }, consents: { tips: consent } }, begin);
    await ports.eventQueue.push({ source: 'own', eventId: `trial-${at}`, name: 'trial.started', at: begin, leadId });
  }
  await world.runUntil(addSeconds(begin, 60 * day));
  const used = process.cpuUsage(cpu);
  const us = (used.user + used.system) / n;
  console.log('us per lead', Math.round(us), 'mails', world.mail.mails().length, 'transitions', world.runner.transitions().total);
  if (b === blocks - 1) console.table(Object.fromEntries(Object.entries(world.meter.handlers).map(([k, v]) => [k, { perLead: v.calls / n, us: Math.round((v.milliseconds * 1000) / v.calls), perLeadUs: Math.round(v.milliseconds * 1000 / n) }])));
}
