import { liquidTemplates } from '#adapters/email/liquid';
import { loadMarketing } from '#adapters/files/load-marketing';
import type { Brand } from '#core/config';
import { composeEmail, mergeData, sampleLinks } from '#core/email';
import { contentFor } from '#core/locale';
import type { Marketing } from '#core/marketing';
import { sortedProblems } from '#core/marketing';
import type { Problem } from '#core/problems';
import type { CompiledAll } from '#core/sequences/compile-all';
import { diagramOf } from '#core/sequences/diagram';
import { toSvg } from '#core/sequences/diagram-svg';
import type { Artifact, CompiledEmail } from '#core/sequences/model';
import { type Sample, samplesFor } from './samples.ts';

export type PreviewMail = {
  readonly sample: Sample;
  readonly subject: string;
  readonly preheader: string;
  readonly from: string;
  readonly html: string;
  readonly text: string;
};
export type PreviewEmail = { readonly step: string; readonly mails: readonly PreviewMail[] };
export type PreviewSequence = { readonly sequence: string; readonly svg: string; readonly emails: readonly PreviewEmail[] };
export type Preview = { readonly company: string; readonly sequences: readonly PreviewSequence[]; readonly problems: readonly Problem[] };

type Compile = (marketing: Marketing) => Promise<CompiledAll & { readonly problems: readonly Problem[] }>;

/** Every e-mail of every sequence, filled for each sample lead by the code that fills it for a real one. */
export const buildPreview = async (dir: string, compile: Compile): Promise<Preview> => {
  const marketing = await loadMarketing(dir);
  const { compiled, problems } = await compile(marketing);
  const { live } = marketing;
  if (!live) return { company: '', sequences: [], problems: sortedProblems(problems) };
  const sequences = compiled.map(({ sequence, compiled: { artifact } }) => ({
    sequence: sequence.id,
    svg: toSvg(diagramOf(sequence)),
    emails: Object.entries(artifact.emails).map(([step, { content }]) => ({
      step,
      mails: mailsOf(content, live.brand, artifact, step),
    })),
  }));
  return { company: live.brand.company, sequences, problems: sortedProblems(problems) };
};

const mailsOf = (
  content: CompiledEmail,
  brand: Brand,
  { sequence, topic }: Pick<Artifact, 'sequence' | 'topic'>,
  step: string,
): readonly PreviewMail[] => {
  const templates = liquidTemplates();
  return samplesFor(Object.keys(content.locales ?? {}).sort()).map((sample) => {
    const key = { leadId: sample.lead.leadId, enrolmentId: 'preview', step, round: 1 };
    const parts = { brand, lead: sample.lead, sequence, topic, links: sampleLinks(brand, 'preview') };
    const mail = composeEmail({ ...parts, content, key, templates });
    const { content: own, locale } = contentFor(content, sample.lead, brand.locale);
    const preheader = templates.fill(own.preheader, mergeData({ ...parts, locale }), 'text');
    return { sample, subject: mail.subject, preheader, from: `${mail.from.name} <${mail.from.address}>`, html: mail.html, text: mail.text };
  });
};
