import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { MailList, MailRow } from '../contract.ts';
import { useData } from '../lib/data.ts';
import { dateTime, number } from '../lib/format.ts';
import { Empty, Page } from '../ui/parts.tsx';
import { Search } from '../ui/search.tsx';
import { useShared } from './dev-data.ts';
import { Mail } from './mail.tsx';

const pageSize = 50;

export const Mails = () => {
  const { messageId } = useRoute().params;
  const [search, setSearch] = useState('');
  return (
    <Page title="Local mails" about="What Baton sent on this machine. No mail leaves it.">
      <section class={`split${messageId ? ' has-one' : ''}`}>
        <div class="list">
          <Search value={search} onChange={setSearch} label="Search by address, subject or step" />
          <MailPages key={search} search={search} current={messageId} />
        </div>
        <div class="one">
          {messageId ? <Mail key={messageId} messageId={messageId} /> : <Empty title="Choose a mail to read it as the lead does." />}
        </div>
      </section>
    </Page>
  );
};

type Listed = { readonly search: string; readonly current: string | undefined };

const MailPages = ({ search, current }: Listed) => {
  const [pages, setPages] = useState(1);
  const { data } = useData<MailList>(mailsAt(search, 0));
  if (!data) return null;
  if (data.total === 0)
    return (
      <Empty title={search ? 'No mail fits.' : 'No mail yet.'}>
        {search
          ? 'Search for another address, subject or step.'
          : 'Import the sample list or add a lead on the start page, then let time pass.'}
      </Empty>
    );
  return (
    <>
      <Rows mails={data.mails} current={current} />
      {Array.from({ length: pages - 1 }, (_, at) => (
        <OlderMails key={at} search={search} from={(at + 1) * pageSize} current={current} />
      ))}
      <More shown={pages * pageSize} total={data.total} onMore={() => setPages(pages + 1)} />
    </>
  );
};

const mailsAt = (search: string, from: number) => `/api/mails?search=${encodeURIComponent(search)}&from=${from}`;

const OlderMails = ({ search, from, current }: Listed & { from: number }) => {
  const { data } = useData<MailList>(mailsAt(search, from));
  return <Rows mails={data?.mails ?? []} current={current} />;
};

const Rows = ({ mails, current }: { mails: readonly MailRow[]; current: string | undefined }) => {
  const { status } = useShared();
  return (
    <ul class="rows">
      {mails.map((it) => (
        <li key={it.messageId}>
          <a href={`/inbox/${it.messageId}`} aria-current={it.messageId === current ? 'true' : undefined}>
            <span class="subject">{it.subject}</span>
            <span class="meta">
              <span class="to">{it.to}</span>
              <time dateTime={it.at}>{dateTime(it.at, status?.zone)}</time>
            </span>
            <span class="tags">
              {it.kind === 'lead' ? <i>{it.step}</i> : <i class="sales">{it.kind === 'sales' ? 'to sales' : 'to the owner'}</i>}
              {it.opened && <i class="did">opened</i>}
              {it.clicked && <i class="did">clicked</i>}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
};

const More = ({ shown, total, onMore }: { shown: number; total: number; onMore: () => void }) =>
  shown < total ? (
    <button type="button" class="more" onClick={onMore}>
      Show older ({number(total - shown)} more)
    </button>
  ) : null;
