import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { createWorld } from '#local/world';

/**
 * `upgrade-phase.ts <folder> <first lead> <how many> <days>`: one release's turn on the embedded stack, on whatever the turn before
 * left in the folder. Copied into an older checkout it is that release's turn (bin/try-upgrade.ts), so it uses little.
 */
const [folder = '', from = '0', count = '0', days = '1'] = process.argv.slice(2);
const start = '2026-03-02T09:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(start) + seconds * 1000).toISOString() as typeof start;

const marketing = await loadMarketing('marketing');
const { compiled } = await compileMarketing(marketing);
if (!marketing.live) throw new Error('marketing/ has errors');
const world = await createWorld({
  stack: 'embedded',
  compiled: compiled.map((it) => it.compiled),
  live: marketing.live,
  startAt: start,
  seed: 'upgrade',
  folder,
  ticksSlowedBy: () => 96,
});
const everySeconds = 8 * 3600;
for (let lead = Number(from); lead < Number(from) + Number(count); lead++) {
  await world.runUntil(at(lead * everySeconds));
  const email = `lead-${lead}@example.com`;
  const leadId = world.ports.ids.leadId(email);
  const now = at(lead * everySeconds);
  const consents = { 'product-tips': { given: true, at: now, source: 'form' } };
  await world.ports.leads.upsert({ leadId, email, fields: { country: 'IE', 'first-name': 'Kim' }, consents }, now);
  await world.ports.eventQueue.push({ source: 'own', eventId: `trial-${lead}`, name: 'trial.started', at: now, leadId });
}
await world.runUntil(at(Number(days) * 86_400));
const mails = world.mail.mails().map(({ to, tags }) => ({ to, step: tags.step ?? tags.kind }));
const open: string[] = [];
const versions: Record<string, string> = {};
for (let lead = 0; lead < Number(from) + Number(count); lead++) {
  const leadId = world.ports.ids.leadId(`lead-${lead}@example.com`);
  for (const it of await world.ports.enrolments.ofLead(leadId)) {
    versions[lead] = it.version;
    if (it.endedAt === undefined) open.push(`${lead} ${it.step}`);
  }
}
await world.stop();
console.log(JSON.stringify({ mails, open, versions }));
process.exit(0);
