import { useState } from 'preact/hooks';
import { paths, type SignedOut } from '../contract.ts';
import { lookAs, send } from '../lib/ask.ts';
import { usePulse } from '../lib/data.ts';
import { useMe } from '../lib/me.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export const Whoami = ({ showHelp, askMe }: { showHelp: () => void; askMe: () => void }) => {
  const me = useMe();
  return (
    <div class="whoami">
      <p class="who">
        <b>{me.rep ?? me.name}</b>
        <small>{me.groups.join(', ')}</small>
        <small title="Your zone, by sales.yaml or by brand.yaml">Times in {me.zone}</small>
      </p>
      {me.isDev && me.reps && me.reps.length > 0 && <LookAs reps={me.reps} askMe={askMe} />}
      <div class="who-acts">
        <ThemeChoice />
        <button type="button" class="quiet" onClick={showHelp} title="Keyboard (?)">
          <Icon name="keyboard" />
          <span>Keys</span>
        </button>
        {!me.isDev && <SignOut />}
      </div>
    </div>
  );
};

/** Leads on at once, unless there is something to read first. */
const SignOut = () => {
  const [left, setLeft] = useState<SignedOut>();
  const goOn = (to: string) => location.assign(to);
  const signOut = async () => {
    const answer = await send<SignedOut>(paths.signOut, {});
    if (!('data' in answer)) goOn('/console');
    else if (answer.data.warning === undefined) goOn(answer.data.to);
    else setLeft(answer.data);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => void signOut()}>
        Sign out
      </button>
      {left && (
        <Dialog title="You are signed out here only" onClose={() => goOn(left.to)}>
          <p>{left.warning}</p>
          <div class="dialog-acts">
            <button type="button" class="main" onClick={() => goOn(left.to)}>
              Go on
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
};

/** Only in `baton dev`, where nobody signs in. */
const LookAs = ({ reps, askMe }: { reps: readonly string[]; askMe: () => void }) => {
  const me = useMe();
  const { refresh } = usePulse();
  const choose = (rep: string) => {
    lookAs(rep);
    askMe();
    refresh();
  };
  return (
    <label class="look-as">
      Look as{' '}
      <select value={me.rep ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        {reps.map((it) => (
          <option key={it} value={it}>
            {it}
          </option>
        ))}
      </select>
    </label>
  );
};
