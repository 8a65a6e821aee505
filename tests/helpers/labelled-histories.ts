import { bare, bots, browsers, imageProxies, mailPrograms, scanners } from './user-agents.ts';

/** Seconds from the first mail's sending. `by`: who really did it; only opens and clicks have it. */
export type Labelled = {
  readonly name: 'opened' | 'clicked' | 'visited' | 'project.created';
  readonly at: number;
  readonly mail?: number;
  readonly link?: string;
  readonly agent?: string;
  readonly automated?: true;
  readonly by?: 'human' | 'machine';
};
/** `hard`: the rules are expected to get some of it wrong. */
export type History = {
  readonly case: string;
  readonly hard?: true;
  /** Seconds; `delivered` is missing where SES did not tell. */
  readonly mails: readonly { readonly sent: number; readonly delivered?: number }[];
  readonly events: readonly Labelled[];
};

export const decoyLink = 'https://go.lintel.example/x';

/** Made-up leads in the manner of real mail systems. The same seed says the same. */
export const labelledHistories = (seed: number): readonly History[] => {
  const random = randomFrom(seed);
  const between = (from: number, to: number) => from + random() * (to - from);
  const one = <T>(of: Readonly<Record<string, T>>): T => Object.values(of)[Math.floor(random() * Object.keys(of).length)] as T;
  const several = <T>(count: number, make: (at: number) => T): readonly T[] => Array.from({ length: count }, (_, at) => make(at));
  const link = (number: number) => `https://www.lintel.example/${['start', 'pricing', 'customers', 'docs', 'webinar', 'blog'][number]}`;

  const open = (by: Labelled['by'], at: number, agent: string, mail = 0): Labelled => ({
    name: 'opened',
    at,
    mail,
    agent,
    ...(by && { by }),
  });
  const click = (by: Labelled['by'], at: number, agent: string, number = 0, mail = 0): Labelled => ({
    name: 'clicked',
    at,
    mail,
    link: link(number),
    agent,
    ...(by && { by }),
  });
  const visit = (at: number, agent?: string): Labelled => ({ name: 'visited', at, ...(agent !== undefined && { agent }) });
  const starts = (at: number): Labelled => ({ name: 'project.created', at });

  const found: History[] = [];
  const add = (times: number, name: string, make: (delivered: number) => readonly Labelled[], more: Partial<History> = {}) => {
    for (let time = 0; time < times; time++) {
      const delivered = rounded(between(1, 9));
      const events = make(delivered).map((it) => ({ ...it, at: rounded(it.at) }));
      found.push({ case: name, mails: [{ sent: 0, delivered }], ...more, events });
    }
  };
  const sweep = (from: number, agent: string, count: number, apart: readonly [number, number], mail = 0): readonly Labelled[] => {
    let at = from;
    return several(count, (number) => {
      const it = click('machine', at, agent, number, mail);
      at += between(...apart);
      return it;
    });
  };
  const reads = (at: number, agent: string, program = agent): readonly Labelled[] => {
    const clicked = at + between(6, 110);
    return [open('human', at, program), click('human', clicked, agent, Math.floor(between(0, 4)))];
  };

  // People.
  add(8, 'reads in a browser, clicks, looks round', (sent) => {
    const agent = one(browsers);
    const events = reads(sent + between(40, 90_000), agent);
    const clicked = events[1]?.at ?? 0;
    return [
      ...events,
      visit(clicked + 2),
      visit(clicked + between(20, 400)),
      ...(random() < 0.4 ? [starts(clicked + between(300, 1100))] : []),
    ];
  });
  add(6, 'reads on the phone, clicks', (sent) => reads(sent + between(30, 200_000), one({ i: browsers.iphone, a: browsers.android })));
  add(6, 'reads in a mail program, clicks in a browser', (sent) => reads(sent + between(30, 90_000), one(browsers), one(mailPrograms)));
  add(6, 'reads in Gmail or Yahoo', (sent) => [
    ...reads(sent + between(60, 90_000), one(browsers), one(imageProxies)),
    open('human', sent + between(90_000, 200_000), imageProxies.google),
  ]);
  add(3, 'has a mail program showing the newest mail', (sent) => [open('human', sent + between(0.4, 1.8), one(mailPrograms))]);
  add(3, 'has the webmail open as the mail comes', (sent) => [
    open('human', sent + between(2.4, 6), browsers.chrome),
    click('human', sent + between(9, 40), browsers.chrome),
  ]);
  add(3, 'clicks within seconds of the mail, then looks round', (sent) => {
    const at = sent + between(2.8, 4.8);
    return [open('human', sent + 2.2, browsers.iphone), click('human', at, browsers.iphone), visit(at + 1.5), visit(at + between(12, 90))];
  });
  add(
    2,
    'clicks within seconds of the mail, and leaves no other trace',
    (sent) => [click('human', sent + between(2.8, 4.8), browsers.iphone)],
    {
      hard: true,
    },
  );
  add(4, 'follows two links one after the other', (sent) => {
    const at = sent + between(300, 50_000);
    const agent = one(browsers);
    return [open('human', at, agent), click('human', at + 15, agent, 0), click('human', at + 15 + between(1.6, 4), agent, 1)];
  });
  add(3, 'opens three links in tabs, then reads them', (sent) => {
    const at = sent + between(300, 50_000);
    const agent = one(browsers);
    const clicks = several(3, (number) => click('human', at + 10 + number * between(1.5, 3), agent, number));
    return [open('human', at, agent), ...clicks, visit(at + between(45, 80)), visit(at + between(100, 300))];
  });
  add(
    2,
    'opens three links in tabs, and leaves no other trace',
    (sent) => {
      const at = sent + between(300, 50_000);
      return several(3, (number) => click('human', at + number * between(1.5, 3), browsers.firefox, number));
    },
    { hard: true },
  );
  add(3, 'taps the same link twice', (sent) => {
    const at = sent + between(60, 50_000);
    return [click('human', at, browsers.android), click('human', at + between(0.2, 0.9), browsers.android)];
  });
  add(3, 'has pictures off and clicks', (sent) => [click('human', sent + between(60, 90_000), one(browsers), 1)]);
  add(4, 'sits behind a proxy that takes the name away, looks round', (sent) => {
    const at = sent + between(60, 50_000);
    const clicked = at + between(8, 100);
    return [open('human', at, ''), click('human', clicked, ''), visit(clicked + between(15, 300))];
  });
  add(
    2,
    'sits behind a proxy that takes the name away, and leaves no other trace',
    (sent) => {
      const at = sent + between(60, 50_000);
      return [open('human', at, ''), click('human', at + between(8, 100), '')];
    },
    { hard: true },
  );
  add(3, 'comes back days later', (sent) => [
    ...reads(sent + between(3000, 90_000), browsers.edge),
    ...reads(sent + between(200_000, 600_000), browsers.iphone),
  ]);

  // Gateways, of which people sit behind some.
  add(6, 'a gateway follows all links at delivery, as a browser', (sent) => {
    const at = sent + between(0.2, 3);
    return [open('machine', at, browsers.chrome), ...sweep(at, browsers.chrome, Math.floor(between(3, 7)), [0.05, 0.8])];
  });
  add(3, 'a gateway follows all links before it lets the mail in', (sent) =>
    sweep(sent - between(0.2, 0.9), browsers.edge, 4, [0.02, 0.2]),
  );
  add(5, 'a gateway follows all links minutes later, as a browser', (sent) => {
    const at = sent + between(50, 900);
    return [open('machine', at + between(-3, 3), browsers.chrome), ...sweep(at, browsers.chrome, Math.floor(between(3, 6)), [0.3, 2.5])];
  });
  add(4, 'a gateway follows two links in the same moment, minutes later', (sent) => {
    const at = sent + between(20, 900);
    return [open('machine', at - between(0.2, 2), browsers.edge), ...sweep(at, browsers.edge, 2, [0.05, 0.8])];
  });
  add(4, 'a gateway checks one link at delivery', (sent) => {
    const at = sent + between(0.3, 4);
    return [open('machine', at - 0.2, browsers.chrome), click('machine', at, browsers.chrome)];
  });
  add(3, 'a gateway checks one link; nobody heard of the delivery', () => [click('machine', between(1.5, 4.5), browsers.chrome)], {
    mails: [{ sent: 0 }],
  });
  add(4, 'a gateway follows all links, and one more a little later', (sent) => {
    const at = sent + between(20, 300);
    return [...sweep(at, browsers.chrome, 3, [0.2, 1]), click('machine', at + between(15, 50), browsers.chrome, 4)];
  });
  add(3, 'a gateway runs the pages that it looks at', (sent) => {
    const at = sent + between(30, 300);
    return [
      ...sweep(at, browsers.chrome, 4, [0.2, 1]),
      visit(at + between(4, 6), browsers.chrome),
      visit(at + between(6, 7), browsers.chrome),
    ];
  });
  add(6, 'a gateway at delivery, later its reader', (sent) => {
    const at = sent + between(240, 20_000);
    const events = reads(at, browsers.edge);
    return [...sweep(sent + between(0.2, 2), browsers.chrome, 4, [0.1, 0.7]), ...events, visit((events[1]?.at ?? 0) + between(12, 200))];
  });
  add(3, 'a gateway that says its name', (sent) => {
    const at = sent + between(6, 400);
    return [
      open('machine', at, one(scanners)),
      click('machine', at + 1, one(scanners), 0),
      click('machine', at + between(4, 30), one(scanners), 1),
    ];
  });
  add(3, 'a gateway checks the link that its reader clicks, by name', (sent) => {
    const at = sent + between(300, 50_000);
    return [open('human', at, mailPrograms.outlook), click('machine', at + 19.2, one(scanners)), click('human', at + 20, browsers.edge)];
  });
  add(3, 'a gateway follows the link that nobody sees, and one more', (sent) => {
    const at = sent + between(60, 900);
    return [
      { ...click('machine', at, browsers.chrome), link: decoyLink },
      click('machine', at + between(15, 100), browsers.chrome, 2),
      ...(random() < 0.7 ? reads(at + between(4000, 50_000), browsers.edge) : []),
    ];
  });
  add(3, 'a gateway without a name', (sent) => {
    const at = sent + between(20, 600);
    return [open('machine', at, ''), click('machine', at + 3, ''), click('machine', at + between(20, 200), '', 1)];
  });
  add(3, 'a gateway with the oldest name', (sent) => {
    const at = sent + between(20, 600);
    return [click('machine', at, bare), click('machine', at + between(15, 200), bare, 1)];
  });
  add(3, 'SES says so', (sent) => {
    const at = sent + between(60, 20_000);
    return [
      { ...open('machine', at, browsers.chrome), automated: true },
      { ...click('machine', at + between(3, 100), browsers.chrome), automated: true },
    ];
  });
  add(
    2,
    'a guard goes through the mailbox again',
    () => {
      const at = between(500_000, 600_000);
      return several(8, (number) => click('machine', at + number * between(2.5, 5), browsers.chrome, number % 2, number >> 1));
    },
    { mails: several(4, (number) => ({ sent: number * 100_000, delivered: number * 100_000 + 3 })) },
  );
  add(2, 'a gateway follows the links slowly, one by one', (sent) => sweep(sent + between(60, 300), browsers.chrome, 4, [14, 40]), {
    hard: true,
  });
  add(3, 'a gateway checks one link minutes later, as a browser', (sent) => [click('machine', sent + between(60, 2400), browsers.edge)], {
    hard: true,
  });
  add(
    2,
    'a gateway checks the link that its reader clicks, as a browser',
    (sent) => {
      const at = sent + between(300, 50_000);
      return [click('machine', at, browsers.chrome), click('human', at + between(1, 2), browsers.edge), visit(at + 40)];
    },
    { hard: true },
  );

  // Relays, proxies, previews, scripts.
  add(6, 'Apple fetches the pictures, nobody reads', (sent) => [open('machine', sent + between(4, 20_000), bare)]);
  add(4, 'Apple fetches the pictures, later somebody reads', (sent) => {
    const at = sent + between(9000, 60_000);
    return [open('machine', sent + between(4, 900), bare), click('human', at, browsers.iphone), visit(at + between(20, 200))];
  });
  add(3, 'Gmail fetches the pictures at delivery', (sent) => [open('machine', sent + between(0.2, 1.8), imageProxies.google)]);
  add(4, 'Gmail fetches the pictures on its own, later', (sent) => [open('machine', sent + between(30, 900), imageProxies.google)], {
    hard: true,
  });
  add(4, 'somebody puts the link into a chat', (sent) => {
    const at = sent + between(600, 90_000);
    return [
      ...reads(at, browsers.chrome),
      click('machine', at + between(200, 4000), one({ ...bots, go: bots.teams, curl: bots.slack, python: bots.whatsapp })),
    ];
  });
  add(3, 'a script', (sent) => {
    const at = sent + between(10, 4000);
    const agent = one({ a: bots.headless, b: bots.python, c: bots.curl, d: bots.go });
    return [click('machine', at, agent, 0), click('machine', at + between(12, 40), agent, 1)];
  });
  return found;
};

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000;

const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
};
