import { eventsOf, listsOf } from '#core/sequences/enter';
import type { Choices } from './api.ts';
import type { DevWorld } from './dev-world.ts';

/** Everything that a lead could do here: what sequences wait for, start or end on, and what scores. */
export const choicesOf = ({ sequences, live }: DevWorld): Choices => {
  const artifacts = sequences.map((it) => it.compiled.artifact);
  const events = [
    ...artifacts.flatMap((it) => eventsOf(it.enter)),
    ...artifacts.flatMap((it) => it.exits.map((exit) => exit.event)),
    ...artifacts.flatMap((it) => it.tracks.flatMap((key) => (key.startsWith('did:') ? [key.slice(4)] : []))),
    ...live.scoring.engagement.rules.map((it) => it.on),
  ];
  const notOwn = ['visited', 'opened', 'clicked', 'bounced', 'complained'];
  const paths = live.scoring.engagement.rules.flatMap((it) => (it.path === undefined ? [] : [it.path.replaceAll('*', '')]));
  return {
    topics: Object.entries(live.brand.topics).map(([topic, { label }]) => ({ topic, label })),
    starts: artifacts.flatMap(({ sequence, enter }) => [
      ...eventsOf(enter).map((event) => ({ sequence, start: { event } })),
      ...listsOf(enter).map((imported) => ({ sequence, start: { imported } })),
    ]),
    events: [...new Set(events)].filter((it) => !notOwn.includes(it)).sort(),
    paths: [...new Set([...paths, '/'])].sort(),
  };
};
