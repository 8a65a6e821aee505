import { isRestrained, restraintOn, roomFor } from '#core/caps';
import { speakerOf } from '#core/decide-send';
import type { Instant } from '#core/instant';
import { planWaits, toDateWaits, toMachineWaits } from '#core/plan-waits';
import type { MachineAnswer } from '#core/sending';
import type { PlannedWait } from '#core/sequences/model';
import type { LoadedStep, LoadStep } from './load-step.ts';
import { readSpeech } from './speech.ts';

type Loaded = Pick<LoadedStep, 'input' | 'lead' | 'artifact' | 'live' | 'line' | 'now'>;

/** Plans these waits for a lead that begins them at `from`, around the lead's other mail; `seconds` are from now. */
export const planAhead = async (
  use: LoadStep,
  loaded: Loaded,
  waits: readonly PlannedWait[],
  { from = loaded.now, mayBeOver }: { readonly from?: Instant; readonly mayBeOver?: boolean } = {},
): Promise<MachineAnswer['waits']> => {
  const { lead, live, now } = loaded;
  const { notBefore, room } = await otherMail(use, loaded, waits);
  const start = notBefore > from ? notBefore : from;
  const planning = { lead, brand: live.brand, now: start, room, ...(mayBeOver && start <= now && { mayBeOver }) };
  const planned = toMachineWaits(planWaits(waits, planning), now);
  const dated = toDateWaits(waits, { ...planning, now });
  return Object.fromEntries(Object.entries(planned).map(([state, it]) => [state, { ...it, ...(dated[state] && { is: dated[state] }) }]));
};

/** What the lead's other mail leaves room for: nothing while another of the group speaks, else from e-mail to e-mail. */
const otherMail = async (
  use: LoadStep,
  { input, artifact, live, line, now }: Loaded,
  waits: readonly PlannedWait[],
): Promise<{ readonly notBefore: Instant; readonly room?: (from: Instant) => Instant }> => {
  const { caps = {} } = live.brand;
  const isAsked = waits.some((it) => it.forEmail && isRestrained(artifact, it.uncapped ? { transactional: true } : {}, live.brand));
  if (!isAsked) return { notBefore: now };
  const speech = await readSpeech(use, input.leadId);
  const speaker = speakerOf({ artifact, line, live, record: { ...input, round: 1 } });
  const restraint = restraintOn(caps, speech, speaker, now);
  const isHold = waits.every((it) => it.length === undefined);
  return {
    notBefore: isHold && restraint?.reason === 'group-busy' ? restraint.until : now,
    room: roomFor(caps, speech, speaker, now),
  };
};
