import { Dialog } from '../ui/dialog.tsx';

const groups = [
  {
    title: 'Everywhere',
    keys: [
      ['?', 'this list'],
      ['g s', 'sequences'],
      ['g l', 'leads'],
      ['g i', 'sales inbox'],
      ['g r', 'report'],
      ['g o', 'operations'],
      ['/', 'to the search field'],
      ['Esc', 'close what is open'],
    ],
  },
  {
    title: 'In a list',
    keys: [
      ['j', 'the next one'],
      ['k', 'the one before'],
      ['Enter', 'open it'],
    ],
  },
  {
    title: 'On a sales task',
    keys: [
      ['a', 'accept: take it on'],
      ['r', 'reject, with a reason'],
      ['c', 'recycle: give it back until a day'],
      ['w', 'won, with the amount'],
      ['l', 'lost, with a reason'],
    ],
  },
  {
    title: 'When a simulation is shown',
    keys: [
      ['← →', 'a day back, a day on (on the slider)'],
      ['p', 'play or pause'],
    ],
  },
] as const;

export const KeyHelp = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Keyboard" onClose={onClose} isWide>
    <div class="key-help">
      {groups.map(({ title, keys }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([key, words]) => (
              <div key={key}>
                <dt>
                  {key.split(' ').map((it) => (
                    <kbd key={it}>{it}</kbd>
                  ))}
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
    <p class="about">Accepting, rejecting and the like ask once more before anything happens. Nothing happens while you type in a field.</p>
  </Dialog>
);
