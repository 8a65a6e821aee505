import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { MailDetail, MailEvent } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { dateTime } from '../lib/format.ts';
import { leadUrl, sequenceUrl } from '../lib/url.ts';
import { Act } from '../ui/act.tsx';
import { Empty } from '../ui/parts.tsx';
import { useShared } from './dev-data.ts';

const tabs = ['Mail', 'Phone', 'Text', 'Headers'] as const;
type Tab = (typeof tabs)[number];

export const Mail = ({ messageId }: { messageId: string }) => {
  const { status } = useShared();
  const { route } = useLocation();
  const { data: mail, trouble } = useData<MailDetail>(`/api/mails/${messageId}`);
  if (trouble?.status === 404) return <Empty title="This mail is not in the inbox." />;
  if (!mail || !status) return null;
  return (
    <article class="mail">
      <button type="button" class="back" onClick={() => route('/inbox')}>
        ← All mails
      </button>
      <h2 class="mail-subject">{mail.subject}</h2>
      <About mail={mail} zone={status.zone} />
      {mail.leadId ? <AsReader mail={mail} /> : <Pages of={mail} words="The rep answers here:" />}
      <Events mail={mail} zone={status.zone} />
      <Body mail={mail} />
    </article>
  );
};

const About = ({ mail, zone }: { mail: MailDetail; zone: string }) => (
  <p class="meta">
    {mail.from} to {mail.leadId ? <a href={leadUrl(mail.leadId)}>{mail.to}</a> : mail.to}, {dateTime(mail.at, zone)}
    {mail.sequence && (
      <>
        {' '}
        · <a href={sequenceUrl(mail.sequence)}>{mail.sequence}</a>, {mail.step}
      </>
    )}
  </p>
);

const AsReader = ({ mail }: { mail: MailDetail }) => {
  const url = `/api/mails/${mail.messageId}/act`;
  return (
    <div class="as-reader">
      <h3>Do what the reader would do</h3>
      <div class="acts">
        <Act url={url} body={{ do: 'open' }}>
          Open it
        </Act>
        {mail.links.map((it) => (
          <Act key={it.url} url={url} body={{ do: 'click', link: it.url }} title={it.url}>
            Click “{it.words}”
          </Act>
        ))}
        {mail.leavePath && (
          <Act url={url} body={{ do: 'unsubscribe' }} title="As the mail programme's own button does, with one click">
            Unsubscribe
          </Act>
        )}
        <Act url={url} body={{ do: 'complain' }} kind="danger">
          Report as spam
        </Act>
        <Act url={url} body={{ do: 'bounce' }} kind="danger" title="As if the address did not exist">
          Bounce
        </Act>
      </div>
      <Pages of={mail} words="Pages behind its own links:" />
    </div>
  );
};

const Pages = ({ of: { pages }, words }: { of: MailDetail; words: string }) =>
  pages.length === 0 ? null : (
    <p class="note">
      {words}{' '}
      {pages.map((it, at) => (
        <>
          {at > 0 && ', '}
          <a key={it.path} href={it.path} target="_blank" rel="noreferrer">
            {it.words}
          </a>
        </>
      ))}
    </p>
  );

const Events = ({ mail, zone }: { mail: MailDetail; zone: string }) => {
  const events: readonly MailEvent[] = [{ at: mail.at, kind: 'sent' }, ...mail.events.filter((it) => it.kind !== 'sent')];
  return (
    <ol class="mail-events" aria-label="Events of this mail">
      {events.map((it, at) => (
        <li key={at}>
          <b>{it.kind}</b> <time dateTime={it.at}>{dateTime(it.at, zone)}</time>
          {it.link && <span class="link">{it.link}</span>}
          {it.machine !== undefined && <span class="link">a machine: {it.machine}</span>}
        </li>
      ))}
    </ol>
  );
};

const Body = ({ mail }: { mail: MailDetail }) => {
  const [tab, setTab] = useState<Tab>('Mail');
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Views of the mail">
        {tabs.map((it) => (
          <button key={it} type="button" role="tab" aria-selected={tab === it} onClick={() => setTab(it)}>
            {it}
          </button>
        ))}
      </div>
      {(tab === 'Mail' || tab === 'Phone') && (
        <iframe
          class={tab === 'Phone' ? 'phone' : ''}
          title="The mail as it is read"
          sandbox=""
          src={`/api/mails/${mail.messageId}/html`}
        />
      )}
      {tab === 'Text' && <pre>{mail.text}</pre>}
      {tab === 'Headers' && <Headers mail={mail} />}
    </>
  );
};

const Headers = ({ mail }: { mail: MailDetail }) => (
  <>
    <p class="note">
      <a href={`/api/mails/${mail.messageId}/eml`} download>
        The whole message as a file
      </a>{' '}
      for your own mail programme (.eml)
    </p>
    <HeaderTable mail={mail} />
  </>
);

const HeaderTable = ({ mail }: { mail: MailDetail }) => (
  <table class="headers">
    <tbody>
      {[{ name: 'From', value: mail.from }, { name: 'To', value: mail.to }, { name: 'Subject', value: mail.subject }, ...mail.headers].map(
        (it) => (
          <tr key={it.name}>
            <th scope="row">{it.name}</th>
            <td>{it.value}</td>
          </tr>
        ),
      )}
      {Object.entries(mail.tags).map(([name, value]) => (
        <tr key={name}>
          <th scope="row">SES tag {name}</th>
          <td>{value}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
