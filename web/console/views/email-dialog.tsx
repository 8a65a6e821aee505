import { useState } from 'preact/hooks';
import type { EmailRow } from '../contract.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Choice } from '../ui/parts.tsx';
import { withoutLiquid } from './sequence-parts.tsx';

const screens = [
  { value: 'wide', label: 'Desktop' },
  { value: 'phone', label: 'Phone' },
] as const;

/** An e-mail in a frame that runs no script, asks for nothing and leads nowhere. */
export const EmailDialog = ({ email, onClose }: { email: EmailRow; onClose: () => void }) => {
  const [screen, setScreen] = useState<'wide' | 'phone'>('wide');
  const [locale, setLocale] = useState(email.locales[0]);
  const src = locale === undefined || locale === email.locales[0] ? email.path : `${email.path}&locale=${encodeURIComponent(locale)}`;
  return (
    <Dialog title={withoutLiquid(email.subject)} onClose={onClose} isWide>
      <div class="row">
        <p class="meta">
          {email.step} · {email.preheader}
        </p>
        <Choice label="Screen" options={screens} value={screen} onChange={setScreen} />
        {email.locales.length > 1 && (
          <Choice label="Language" options={email.locales.map((it) => ({ value: it, label: it }))} value={locale} onChange={setLocale} />
        )}
      </div>
      <iframe class={screen === 'phone' ? 'phone' : ''} title="The e-mail as it is read" sandbox="" src={src} />
    </Dialog>
  );
};
