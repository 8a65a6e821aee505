import type { RowChange } from '#core/console/moves';
import { toInstant } from '#core/instant';
import type { Item, Value } from '#core/table';

/** As DynamoDB writes a value down in a stream. */
type Written = { readonly S?: string; readonly N?: string; readonly BOOL?: boolean; readonly M?: { readonly [name: string]: Written } };
type Image = { readonly [attribute: string]: Written };
export type StreamRecord = {
  readonly dynamodb?: {
    /** Seconds. */
    readonly ApproximateCreationDateTime?: number;
    readonly SequenceNumber?: string;
    readonly OldImage?: Image;
    readonly NewImage?: Image;
  };
};
/** A batch of one shard. Its id comes along because the source has windows of time. */
export type StreamBatch = { readonly Records: readonly StreamRecord[]; readonly shardId: string };

/** All that is read of a row: no name, no address, nothing that a lead said. */
const wanted = ['pk', 'sk', 'sequence', 'version', 'step', 'startAt', 'endedAt', 'stage', 'mergedInto', 'name', 'list'] as const;

export const changesIn = ({ Records }: StreamBatch): readonly RowChange[] =>
  Records.flatMap(({ dynamodb }) => {
    if (dynamodb?.SequenceNumber === undefined) return [];
    const { OldImage, NewImage, SequenceNumber: sequenceNumber, ApproximateCreationDateTime: seconds = 0 } = dynamodb;
    const at = toInstant(Math.floor(seconds * 1000));
    return [{ at, sequenceNumber, ...(OldImage && { before: rowIn(OldImage) }), ...(NewImage && { after: rowIn(NewImage) }) }];
  });

const rowIn = (image: Image): Item => Object.fromEntries(wanted.flatMap((name) => (image[name] ? [[name, readValue(image[name])]] : [])));
const readValue = ({ S, N, BOOL, M }: Written): Value => {
  if (M) return Object.fromEntries(Object.entries(M).map(([name, it]) => [name, readValue(it)]));
  return S ?? (N === undefined ? (BOOL ?? null) : Number(N));
};
