import { isConfirmation } from '#core/consent';
import type { Enrolment } from '#core/enrolment';
import type { Stage } from '#core/lead';
import { type Cells, cell } from '#core/report/cells';
import { stepOf } from '#core/sequences/rounds';
import type { CardList } from './cards.ts';

/** Where a run stands, by its own row alone: where it is parked; before it has parked, where its leg begins. */
export const positionOf = ({ step, startAt }: Pick<Enrolment, 'step' | 'startAt'>): string =>
  stepOf(step ?? '') || stepOf(startAt ?? '') || '(start)';

/** Of a lead in the figures of the console: its stage, or a step of a version. The text of a cell; figures are how many have it. */
export type Place = string;
export const placeOfStage = (stage: Stage): Place => cell('stage', stage);
type Running = Pick<Enrolment, 'sequence' | 'version' | 'step' | 'startAt' | 'endedAt'>;
/** undefined: the run is over, or only asks somebody to confirm. */
export const placeOfRun = (run: Running): Place | undefined =>
  run.endedAt !== undefined || isConfirmation(run.sequence) ? undefined : cell(`run ${run.sequence}`, 'at', run.version, positionOf(run));

/** The one that the night counted, by the card that it wrote. */
export const placeOfCard = (list: CardList, version: string | undefined): Place | undefined => {
  if ('stage' in list) return placeOfStage(list.stage);
  if ('owner' in list || isConfirmation(list.sequence) || version === undefined) return undefined;
  return cell(`run ${list.sequence}`, 'at', version, list.step ?? '');
};

/** A run counts at its step, and for its version. */
export const cellsAt = (place: Place): Cells => {
  const [pane = '', what, version = ''] = place.split('\t');
  return what === 'at' ? { [place]: 1, [cell(pane, 'running', version)]: 1 } : { [place]: 1 };
};
