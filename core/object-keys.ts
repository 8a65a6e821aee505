/** Keys of the artifact bucket: what a deployment puts there and handlers and machines read. */
export const artifactKey = (sequence: string, version: string) => `artifacts/${sequence}/${version}.json`;
/** A machine's definition. Never overwritten: `name` holds a content hash. */
export const machineKey = (sequence: string, version: string) => `machines/${sequence}/${version}.asl.json`;
/** Names and versions of what takes new leads. */
export const currentKey = 'live/current.json';
/** Lengths of waits of every version there ever was: where the watchdog looks. */
export const waitLengthsKey = 'live/wait-lengths.json';
/** Brand, scoring and sales rules. */
export const liveConfigKey = 'live/config.json';
/** A file of the console, by the path that browsers ask for. */
export const consoleFileKey = (path: string) => `console/${path.slice('/console/'.length)}.json`;
/** What `check` said of the deployed folder; only where there is a console. */
export const checkedKey = 'live/checked.json';
/** Rehearsals for the console: all in short, and each whole. */
export const rehearsalsKey = 'rehearsals/all.json';
export const rehearsalKey = (name: string) => `rehearsals/of/${name}.json`;
export const isRehearsalName = (name: string): boolean => /^[a-z0-9][a-z0-9-]{0,39}$/.test(name);
/** In the bucket of received mail: one object a mail, named by SES. */
export const receivedMailPrefix = 'mail/';
