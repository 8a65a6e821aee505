/** Primary and index keys of the single table: the one place that knows them (DESIGN.md, "Data"). */
export const leadPk = (leadId: string) => `LEAD#${leadId}`;
export const profileSk = 'PROFILE';
export const enrolmentPrefix = 'ENROLMENT#';
export const enrolmentSk = (sequence: string, enrolmentId: string) => `${enrolmentPrefix}${sequence}#${enrolmentId}`;
export const sendSk = (enrolmentId: string, step: string, round: number) => `SEND#${enrolmentId}#${step}#${round}`;
/** E-mails that count for caps; a merge brings the former lead's row along under its own name. */
export const mailsPrefix = 'MAILS#';
export const mailsSk = (leadId: string) => `${mailsPrefix}${leadId}`;
export const eventSk = (eventId: string) => `EVENT#${eventId}`;
/** Requests of one caller in the present minute. */
export const limitKey = (name: string) => ({ pk: `LIMIT#${name}`, sk: 'MINUTE' });
export const stageSk = (id: string) => `STAGE#${id}`;
export const decisionSk = (enrolmentId: string, step: string, round: number, attempt: number) =>
  `DECISION#${enrolmentId}#${step}#${round}#${String(attempt).padStart(4, '0')}`;
export const taskPk = (taskId: string) => `TASK#${taskId}`;
export const taskSk = 'TASK';
/** Tasks of a rep that nobody answered, by time; and those that wait for room, by score, then time. */
export const openTasksPk = (rep: string) => `TASKS#${rep}`;
export const heldTasksPk = 'HELD#';
/** What the team has on its desks. */
export const deskKey = { pk: 'DESK', sk: 'STATE' } as const;
/** Which rep has a company, by a hash of its domain. */
export const companyKey = (companyId: string) => ({ pk: `COMPANY#${companyId}`, sk: 'REP' });
/** Handoffs that the watchdog looks after, by when. */
export const watchedPk = (shard: string) => `HANDOFFS#${shard}`;
/** Dead letters that a person threw away, by the message's id. */
export const discardsPk = 'DISCARDS';
/** Beside the task: the token of the machine that waits, which machine that is, and when to look after it. */
export const holdSk = 'HOLD';
export const stopListPk = 'STOP-LIST';
export const stoppedSk = (domain: string) => `DOMAIN#${domain}`;
/** The wish to erase a lead, and its certificate; those to look at again stand in one partition of gsi1. */
export const erasurePk = (leadId: string) => `ERASURE#${leadId}`;
export const erasureSk = 'ERASURE';
export const erasuresDuePk = 'ERASURES';
export const suppressionPk = (leadId: string) => `SUPPRESSION#${leadId}`;

/** Another address of a lead, or the id of one that was merged: whom it belongs to now. */
export const aliasPk = (addressId: string) => `ALIAS#${addressId}`;
export const aliasSk = 'LEAD';
/** The one join of two leads that may be under way. */
export const joinKey = { pk: 'ALIAS#', sk: 'JOIN' } as const;

/** How far the import of a dropped file came. */
export const dropKey = (dropId: string) => ({ pk: `DROP#${dropId}`, sk: 'PROGRESS' }) as const;

/** Sorts by time, then topic. */
export const consentSk = (at: string, topic: string) => `CONSENT#${at}#${topic}`;
/** What holds for all sending: one item, and one a day while a domain warms up. */
export const linePk = 'LINE';
export const lineStateSk = 'STATE';
export const lineEndingSk = 'ENDING';
export const lineDaySk = (day: string) => `DAY#${day}`;
/** E-mails that a month has paid for. */
export const lineMonthSk = (month: string) => `MONTH#${month}`;
export const healthPk = (sequence: string) => `HEALTH#${sequence}`;
export const dayPrefix = (day: string) => `${day}#`;
export const startOverSk = (day: string) => `${day}#START-OVER`;
export const deliveredSk = (day: string) => `${day}#DELIVERED`;
export const troubleSk = (day: string, trouble: string, eventId: string) => `${day}#${trouble.toUpperCase()}#${eventId}`;

/** Due partitions of gsi1: one of 8 by the lead's first character, so that no partition is hot. */
export const shards = ['0', '1', '2', '3', '4', '5', '6', '7'] as const;
export const shardOf = (leadId: string): string => String((leadId.charCodeAt(0) + leadId.charCodeAt(1)) % shards.length);
/** Parked enrolments whose due time is gsi1sk + waitSeconds: one partition a wait length (0: gsi1sk is the due time). */
export const duePk = (shard: string, plusSeconds: number) => `DUE#${shard}#${plusSeconds}`;
/** Enrolments that begin once everything goes on, by when they were made. */
export const heldPk = (shard: string) => `HELD-RUNS#${shard}`;
/** Leads that enter a sequence by a day, by when. */
export const entryDuePk = (shard: string) => `ENTER#${shard}`;
/** Which published version of a machine runs a version of a sequence: written by the first run that needed it. */
export const machineVersionKey = (sequence: string, version: string) => ({ pk: `MACHINE#${sequence}`, sk: version });

/** Runs that a fault ended: what a recovery looks through. */
export const failedPk = (shard: string) => `FAILED#${shard}`;
export const unsettledPk = (shard: string) => `UNSETTLED#${shard}`;

/** Experiments of a sequence: what is asked of a split now; what was decided and counted of each design that it had. */
export const experimentPk = (sequence: string) => `EXPERIMENT#${sequence}`;
export const askedPrefix = 'ASKED#';
export const askedSk = (split: string) => `${askedPrefix}${split}`;
export const verdictPrefix = 'VERDICT#';
export const verdictSk = (split: string, design: string) => `${verdictPrefix}${split}#${design}`;
export const figuresPrefix = 'FIGURES#';
export const figuresSk = (split: string, design: string) => `${figuresPrefix}${split}#${design}`;

/** Counters: one item a day, step and shard; which versions there are; how far the nightly recount is. */
export const statsPk = (sequence: string, version: string, day: string) => `STATS#${sequence}#${version}#${day}`;
export const statsSk = (step: string, shard: string) => `STEP#${step}#${shard}`;
export const statsVersionsPk = 'STATS#';
export const statsVersionSk = (sequence: string, version: string) => `${sequence}#${version}`;
export const recountPk = 'STATS#RECOUNT';
export const recountStateSk = 'STATE';
/** What the nightly recount adds up for the digest, in turns under A and B, and which weeks' digests went. */
export const reportPk = 'STATS#REPORT';
export const reportRowSk = (generation: string, row: number) => `${generation}#${String(row).padStart(6, '0')}`;
export const digestPk = 'STATS#DIGEST';
export const recountSliceSk = (slice: number) => `SLICE#${String(slice).padStart(6, '0')}`;

/** A lead's places in the console's lists, beside the lead; lists by best score first (docs/console.md). */
export const cardPrefix = 'CARD#';
export const cardSk = (name: string) => `${cardPrefix}${name}`;
export const cardPk = (by: 'stage' | 'sequence' | 'owner', value: string) => `CARDS#${by.toUpperCase()}#${value}`;
export const cardStepPk = (sequence: string, step: string) => `CARDS#STEP#${sequence}#${step}`;
/** What runs of sequences came to, by the last whole recount: all in short, and each whole. */
export const runFiguresPk = 'STATS#RUNS';
export const runFiguresOfPk = (sequence: string) => `${runFiguresPk}#${sequence}`;
/** What moved since a recount, by slot; and who moved while one walked, which the next one writes over. */
export const liveCountsPk = 'STATS#LIVE';
export const liveSlotSk = (slot: number) => `SLOT#${slot}`;
export const movesPrefix = 'MOVES#';
export const liveMovesSk = (slot: number, row: number) => `${movesPrefix}${slot}#${String(row).padStart(6, '0')}`;
/** The report of the last so many days, in turns under A and B. */
export const windowStateSk = (days: number) => `WINDOW#${days}`;
export const windowRowSk = (days: number, generation: string, row: number) =>
  `WINDOW#${days}#${generation}#${String(row).padStart(6, '0')}`;
/** Tasks of a rep that were taken on, and those that are over, by when. */
export const acceptedTasksPk = (rep: string) => `${openTasksPk(rep)}#ACCEPTED`;
export const doneTasksPk = (rep: string) => `${openTasksPk(rep)}#DONE`;
/** What a recount under way has added up for the console, in turns under A and B. */
export const recountPaneSk = (generation: string, row: number) => `PANE#${generation}#${String(row).padStart(6, '0')}`;
