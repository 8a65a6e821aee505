import { liquidTemplates } from '#adapters/email/liquid';
import type { LiveConfig } from '#core/config';
import { composeEmail, sampleLinks } from '#core/email';
import type { CompiledAll } from '#core/sequences/compile-all';
import { demoStart, runDemo } from '#local/demo';
import { number, type Part } from './row.ts';

export type Compiled = CompiledAll['compiled'];

/** The demo in memory: microseconds for each handler, wiring and memory table included. */
export const handlersPart = async (live: LiveConfig, compiled: Compiled): Promise<Part> => {
  const timed: Record<string, { calls: number; milliseconds: number }> = {};
  const begun = performance.now();
  const report = await runDemo({
    compiled: compiled.map((it) => it.compiled),
    live,
    leadsFile: 'examples/leads.csv',
    list: 'webinar',
    days: 45,
    seed: 'baton',
    stack: 'memory',
    onEnd: (meter) => Object.assign(timed, meter.handlers),
  });
  const seconds = (performance.now() - begun) / 1000;
  const handlers = Object.entries(timed)
    .map(([handler, { calls, milliseconds }]) => ({ handler, calls, microsecondsEach: Math.round((milliseconds * 1000) / calls) }))
    .sort((one, other) => other.calls - one.calls);
  const render = renderFigures(live, compiled);
  return {
    title: 'Handlers, in memory',
    rows: [
      {
        what: `the demo: ${report.leads} leads, ${report.emailsSent} mails, 45 days`,
        value: `${number(report.leads / seconds)} leads a second`,
      },
      { what: `filling an e-mail (${render.emails} of them, in turns)`, value: `${render.microsecondsEach} µs` },
      ...handlers.map((it) => ({ what: `${it.handler}, ${number(it.calls)} calls`, value: `${number(it.microsecondsEach)} µs` })),
    ],
    figures: {
      leads: report.leads,
      emails: report.emailsSent,
      leadsPerSecond: Math.round(report.leads / seconds),
      usage: report.usage,
      handlers,
      render,
    },
  };
};

const renderFigures = (live: LiveConfig, compiled: Compiled) => {
  const templates = liquidTemplates();
  const contents = compiled.flatMap((it) => Object.entries(it.compiled.artifact.emails));
  const lead = {
    leadId: 'bench',
    email: 'kim@example.com',
    fields: { 'first-name': 'Kim', company: 'Example' },
    stage: 'lead' as const,
    createdAt: demoStart,
    consents: {},
    active: {},
    handoffs: 0,
  };
  const rounds = 200;
  const fill = () => {
    for (const [step, { content }] of contents) {
      composeEmail({
        content,
        brand: live.brand,
        lead,
        sequence: 'bench',
        key: { leadId: 'bench', enrolmentId: 'bench', step, round: 1 },
        topic: 'bench',
        links: sampleLinks(live.brand, 'bench'),
        templates,
      });
    }
  };
  fill();
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) fill();
  return { emails: contents.length, microsecondsEach: Math.round(((performance.now() - begun) * 1000) / (rounds * contents.length)) };
};
