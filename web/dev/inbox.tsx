import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import type { MailDetail, MailEvent, MailList } from '../../local/dev/api.ts';
import { useData, useShared } from './data.ts';
import { short } from './format.ts';
import { Act, Empty, More, Search } from './parts.tsx';

const pageSize = 50;

export const Inbox = () => {
  const { messageId } = useRoute().params;
  const [search, setSearch] = useState('');
  return (
    <section class={`split${messageId ? ' has-one' : ''}`}>
      <div class="list">
        <Search value={search} onChange={setSearch} label="Search by address, subject or step" />
        <Mails search={search} current={messageId} />
      </div>
      <div class="one">
        {messageId ? <Mail key={messageId} messageId={messageId} /> : <Empty>Choose a mail to read it as the lead does.</Empty>}
      </div>
    </section>
  );
};

const Mails = ({ search, current }: { search: string; current: string | undefined }) => {
  const { status } = useShared();
  const [pages, setPages] = useState(1);
  const { data } = useData<MailList>(`/api/mails?search=${encodeURIComponent(search)}`);
  if (!data || !status) return null;
  if (data.total === 0)
    return (
      <Empty>{search ? 'No mail fits.' : 'No mail yet. Import the sample list or add a lead on the start page, then let time pass.'}</Empty>
    );
  return (
    <>
      <ul class="rows">
        {data.mails.map((it) => (
          <li key={it.messageId}>
            <a href={`/inbox/${it.messageId}`} aria-current={it.messageId === current ? 'true' : undefined}>
              <span class="subject">{it.subject}</span>
              <span class="meta">
                <span class="to">{it.to}</span>
                <time dateTime={it.at}>{short(it.at, status.zone)}</time>
              </span>
              <span class="tags">
                {it.kind === 'sales' ? <i class="sales">to sales</i> : <i>{it.step}</i>}
                {it.opened && <i class="did">opened</i>}
                {it.clicked && <i class="did">clicked</i>}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {Array.from({ length: pages - 1 }, (_, at) => (
        <OlderMails key={at} search={search} from={(at + 1) * pageSize} current={current} />
      ))}
      <More shown={pages * pageSize} total={data.total} onMore={() => setPages(pages + 1)} />
    </>
  );
};

const OlderMails = ({ search, from, current }: { search: string; from: number; current: string | undefined }) => {
  const { status } = useShared();
  const { data } = useData<MailList>(`/api/mails?search=${encodeURIComponent(search)}&from=${from}`);
  return (
    <ul class="rows">
      {data?.mails.map((it) => (
        <li key={it.messageId}>
          <a href={`/inbox/${it.messageId}`} aria-current={it.messageId === current ? 'true' : undefined}>
            <span class="subject">{it.subject}</span>
            <span class="meta">
              <span class="to">{it.to}</span>
              <time dateTime={it.at}>{short(it.at, status?.zone ?? 'UTC')}</time>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
};

const tabs = ['Mail', 'Phone', 'Text', 'Headers'] as const;

const Mail = ({ messageId }: { messageId: string }) => {
  const { status } = useShared();
  const { route } = useLocation();
  const { data: mail, missing } = useData<MailDetail>(`/api/mails/${messageId}`);
  const [tab, setTab] = useState<(typeof tabs)[number]>('Mail');
  if (missing) return <Empty>This mail is not in the inbox.</Empty>;
  if (!mail || !status) return null;
  return (
    <article class="mail">
      <button type="button" class="back" onClick={() => route('/inbox')}>
        ← All mails
      </button>
      <h1>{mail.subject}</h1>
      <p class="meta">
        {mail.from} to {mail.leadId ? <a href={`/leads/${mail.leadId}`}>{mail.to}</a> : mail.to}, {short(mail.at, status.zone)}
        {mail.sequence && (
          <>
            {' '}
            · <a href={`/sequences/${mail.sequence}`}>{mail.sequence}</a>, {mail.step}
          </>
        )}
      </p>
      {mail.leadId && <AsReader mail={mail} />}
      <Events events={mail.events} zone={status.zone} />
      <div class="tabs" role="tablist" aria-label="Views of the mail">
        {tabs.map((it) => (
          <button key={it} type="button" role="tab" aria-selected={tab === it} onClick={() => setTab(it)}>
            {it}
          </button>
        ))}
      </div>
      {(tab === 'Mail' || tab === 'Phone') && (
        <iframe class={tab === 'Phone' ? 'phone' : ''} title="The mail as it is read" sandbox="" src={`/api/mails/${messageId}/html`} />
      )}
      {tab === 'Text' && <pre>{mail.text}</pre>}
      {tab === 'Headers' && <Headers mail={mail} />}
    </article>
  );
};

const AsReader = ({ mail }: { mail: MailDetail }) => {
  const url = `/api/mails/${mail.messageId}/act`;
  return (
    <div class="as-reader">
      <h2>Do what the reader would do</h2>
      <div class="acts">
        <Act url={url} body={{ do: 'open' }}>
          Open it
        </Act>
        {mail.links.map((it) => (
          <Act key={it.url} url={url} body={{ do: 'click', link: it.url }} title={it.url}>
            Click “{it.words}”
          </Act>
        ))}
        {mail.canLeave && (
          <Act url={url} body={{ do: 'unsubscribe' }}>
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
    </div>
  );
};

const Events = ({ events, zone }: { events: readonly MailEvent[]; zone: string }) => (
  <ol class="events" aria-label="Events of this mail">
    {events.map((it) => (
      <li key={`${it.at} ${it.kind} ${it.link ?? ''}`}>
        <b>{it.kind}</b> <time dateTime={it.at}>{short(it.at, zone)}</time>
        {it.link && <span class="link">{it.link}</span>}
      </li>
    ))}
  </ol>
);

const Headers = ({ mail }: { mail: MailDetail }) => (
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
