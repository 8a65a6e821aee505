import type { ExpectedMail, Mismatch, Outcome, SequenceTest } from './model.ts';
import { spanInWords, timeInWords } from './times.ts';

/** Everything that came otherwise than the test says. Pure. */
export const compare = (test: SequenceTest, outcome: Outcome, zone: string): readonly Mismatch[] => [
  ...mails(test, outcome, zone),
  ...notSent(test, outcome, zone),
  ...handoff(test, outcome, zone),
  ...ended(test, outcome),
  ...(test.stage && test.stage.stage !== outcome.stage
    ? [{ path: test.stage.path, what: 'the lead is in another stage', expected: test.stage.stage, got: outcome.stage }]
    : []),
];

/** Expected and happened side by side: each expected e-mail with the next one of its step, in order. */
export type Row = { readonly expected?: ExpectedMail; readonly got?: Outcome['sent'][number] };
export const aligned = ({ sent = [] }: SequenceTest, outcome: Outcome): readonly Row[] => {
  const left = [...outcome.sent];
  const rows: Row[] = sent.map((expected) => {
    const at = left.findIndex((it) => it.step === expected.step);
    const [got] = at < 0 ? [] : left.splice(at, 1);
    return { expected, ...(got && { got }) };
  });
  const when = (it: Row) => it.got?.at ?? it.expected?.when.from ?? '';
  return [...rows, ...left.map((got) => ({ got }))].sort((one, other) => (when(one) < when(other) ? -1 : 1));
};

const mails = (test: SequenceTest, outcome: Outcome, zone: string): readonly Mismatch[] => {
  if (!test.sent) return [];
  return aligned(test, outcome).flatMap(({ expected, got }): readonly Mismatch[] => {
    if (expected && got) {
      const { from, to } = expected.when;
      if (got.at >= from && got.at < to) return [];
      const what = `“${got.step}” went at another time`;
      return [{ path: expected.path, what, expected: spanInWords(expected.when, zone), got: timeInWords(got.at, zone) }];
    }
    if (expected) {
      const what = `“${expected.step}” did not go`;
      return [{ path: expected.path, what, expected: spanInWords(expected.when, zone), got: whyNot(expected.step, outcome, zone) }];
    }
    const path = ['expect', 'sent'];
    return got ? [{ path, what: `“${got.step}” went and is not expected`, expected: 'nothing', got: timeInWords(got.at, zone) }] : [];
  });
};

const whyNot = (step: string, { notes, ended: how, why }: Outcome, zone: string): string => {
  const told = notes.filter((it) => it.step === step).at(-1);
  if (told) return `${timeInWords(told.at, zone)}: ${told.what}`;
  return `nothing: the run is ${how}${why === undefined ? '' : ` (${why})`}, and this step was not reached`;
};

const notSent = (test: SequenceTest, outcome: Outcome, zone: string): readonly Mismatch[] =>
  test.notSent.flatMap(({ step, path }) => {
    const sent = outcome.sent.find((it) => it.step === step);
    return sent ? [{ path, what: `“${step}” went`, expected: 'nothing', got: timeInWords(sent.at, zone) }] : [];
  });

const handoff = ({ handedOff }: SequenceTest, { task }: Outcome, zone: string): readonly Mismatch[] => {
  if (!handedOff) return [];
  const { when, to, path } = handedOff;
  const got = task ? `${timeInWords(task.at, zone)}, to ${task.rep}` : 'sales got nothing';
  if (when === 'no') return task ? [{ path, what: 'the lead was handed to sales', expected: 'no', got }] : [];
  if (!task) return [{ path, what: 'the lead was not handed to sales', expected: spanInWords(when, zone), got }];
  return [
    ...(task.at >= when.from && task.at < when.to
      ? []
      : [{ path, what: 'the lead was handed to sales at another time', expected: spanInWords(when, zone), got }]),
    ...(to !== undefined && to !== task.rep ? [{ path, what: 'somebody else of sales got the lead', expected: to, got: task.rep }] : []),
  ];
};

const ended = ({ ended: expected }: SequenceTest, { ended: got, why }: Outcome): readonly Mismatch[] =>
  expected && expected.how !== got
    ? [{ path: expected.path, what: 'the run ended otherwise', expected: expected.how, got: why === undefined ? got : `${got}: ${why}` }]
    : [];
