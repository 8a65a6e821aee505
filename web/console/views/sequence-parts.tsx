import type { EmailRow, ProblemRow, SequenceView } from '../contract.ts';
import { counted, number } from '../lib/format.ts';
import { Badge, Bar, Note, Section } from '../ui/parts.tsx';

/** `{{ lead.first-name | default: 'you' }}` is for machines; people read ‹first-name›. */
export const withoutLiquid = (subject: string): string => subject.replaceAll(/\{\{\s*(?:lead\.)?([a-z0-9-]+)[^}]*\}\}/g, '‹$1›');

/** What `check` says of it. */
export const Problems = ({ problems }: { problems: readonly ProblemRow[] }) => {
  if (problems.length === 0) return null;
  const hasErrors = problems.some((it) => it.severity === 'error');
  return (
    <Note tone={hasErrors ? 'bad' : 'warn'} title={`${counted(problems.length, 'thing')} that baton check found`}>
      <ul class="plain">
        {problems.map((it) => (
          <li key={`${it.what} ${it.where ?? ''}`}>
            <Badge tone={it.severity === 'error' ? 'bad' : 'warn'}>{it.severity}</Badge> {it.what}
            {it.hint && <>; {it.hint}</>} {it.where && <small class="mono">{it.where}</small>}
          </li>
        ))}
      </ul>
    </Note>
  );
};

export const Emails = ({ emails, onOpen }: { emails: readonly EmailRow[]; onOpen: (email: EmailRow) => void }) =>
  emails.length === 0 ? null : (
    <Section title="E-mails">
      <ol class="rows emails">
        {emails.map((it) => (
          <li key={it.step}>
            <a
              href={it.path}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                event.stopPropagation();
                onOpen(it);
              }}
            >
              <span class="top">
                <b>{withoutLiquid(it.subject)}</b>
                {it.locales.length > 1 && <small>{it.locales.join(', ')}</small>}
              </span>
              <span class="under-top">
                {it.step}
                {it.preheader && ` · ${it.preheader}`}
              </span>
            </a>
          </li>
        ))}
      </ol>
    </Section>
  );

export const Endings = ({ endings }: { endings: SequenceView['endings'] }) => {
  const all = endings.reduce((sum, it) => sum + it.runs, 0);
  return (
    <Section title="Why leads ended">
      {endings.length === 0 ? (
        <p class="note">Nobody has ended in this time.</p>
      ) : (
        <dl class="card endings">
          {endings.map((it) => (
            <div key={it.ending}>
              <dt>{it.words}</dt>
              <dd>{number(it.runs)}</dd>
              <Bar share={it.runs / all} tone={it.ending === 'goal' || it.ending === 'qualified' ? 'good' : 'plain'} />
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
};
