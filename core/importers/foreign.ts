/** Another tool's journey, in one form: activities that name what comes next. Every importer makes this; structure.ts makes blocks of it. */
export type Next = string | undefined;

/** A condition as YAML has it; an e-mail step is named by the activity that sends it, as `#<activity>`. */
export type RawCondition = { readonly [word: string]: unknown };
export type RawEvent = { readonly did: string } | { readonly opened: string } | { readonly clicked: string } | { readonly visited: string };

type Base = { readonly id: string /** As its maker called it. */; readonly label: string };
export type Activity = Base &
  (
    | { readonly kind: 'email'; readonly email: ForeignEmail; readonly transactional?: true; readonly next: Next }
    | { readonly kind: 'wait'; readonly wait: unknown; readonly next: Next }
    | { readonly kind: 'step'; readonly step: { readonly [kind: string]: unknown }; readonly next: Next }
    | {
        readonly kind: 'branch';
        readonly arms: readonly { readonly name: string; readonly if: RawCondition; readonly next: Next }[];
        readonly rest: Next;
      }
    | {
        readonly kind: 'split';
        readonly arms: readonly { readonly name: string; readonly share: number; readonly next: Next }[];
        /** Percent who get nothing from here on. */
        readonly holdout?: number;
      }
    | {
        readonly kind: 'wait-for';
        readonly arms: readonly { readonly name: string; readonly event: RawEvent; readonly next: Next }[];
        readonly atMost: string;
        readonly timedOut: Next;
      }
    /** What has no like here: leads go past it. */
    | { readonly kind: 'pass'; readonly next: Next }
  );

/** What is known of a mail's text. `html` and `text` as its maker wrote them. */
export type ForeignEmail = { readonly subject?: string; readonly preheader?: string; readonly html?: string; readonly text?: string };

/** `left-out`: nothing stands for it. `changed`: something does, but not quite the same; look at it. */
export type Note = { readonly activity: string; readonly fate: 'left-out' | 'changed'; readonly why: string };

export type Foreign = {
  readonly format: Format;
  readonly name: string;
  readonly enter: { readonly on: string } | { readonly imported: string };
  readonly again?: string;
  readonly exits: readonly { readonly on: string; readonly as: 'goal' | 'exit' }[];
  readonly start: Next;
  readonly activities: readonly Activity[];
  readonly notes: readonly Note[];
};

export const formats = ['pinpoint', 'mautic', 'dittofeed', 'mailshot'] as const;
export type Format = (typeof formats)[number];

/** Collects notes while a file is read. */
export type Noting = {
  readonly leftOut: (activity: string, why: string) => void;
  readonly changed: (activity: string, why: string) => void;
};
export const noting = (): Noting & { readonly notes: Note[] } => {
  const notes: Note[] = [];
  const note = (fate: Note['fate']) => (activity: string, why: string) => void notes.push({ activity, fate, why });
  return { notes, leftOut: note('left-out'), changed: note('changed') };
};
