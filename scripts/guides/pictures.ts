import { es9plus } from '../../packages/sgp22/src/functions/es9plus.ts';
import { allowed } from '../../packages/smdp/src/state/allowed.ts';
import { type ProfileState, profileStates } from '../../packages/smdp/src/state/profile.ts';
import { arrow, box, label, svg } from './svg.ts';

const WIDTH = 124;
const HEIGHT = 44;

/** Where each state is in the picture. */
const places: Readonly<Record<ProfileState, readonly [x: number, y: number]>> = {
  AVAILABLE: [20, 60],
  ALLOCATED: [210, 20],
  LINKED: [210, 100],
  CONFIRMED: [400, 60],
  RELEASED: [590, 60],
  DOWNLOADED: [590, 190],
  ERROR: [780, 190],
  INSTALLED: [590, 320],
  ENABLED: [400, 320],
  DISABLED: [210, 320],
  DELETED: [20, 320],
  UNAVAILABLE: [780, 320],
};

/** The states of a Profile, and the way of an order through them. */
export function statesPicture(): string {
  const boxes = profileStates.map((state) => {
    const [x, y] = places[state];
    const isOfOrder = allowed[state].includes('cancel');
    return box({ x, y, width: WIDTH, height: HEIGHT }, state, [], isOfOrder);
  });
  const arrows = [
    arrow('M144 74H176V42H206'),
    arrow('M144 90H176V122H206'),
    label(176, 34, 'order', 'end'),
    label(196, 142, 'order with an EID', 'end'),
    arrow('M334 42H366V74H396'),
    arrow('M334 122H366V90H396'),
    label(366, 34, 'confirm', 'start'),
    arrow('M524 82H586'),
    label(555, 74, 'release'),
    arrow('M652 104V186'),
    label(660, 150, 'a phone downloads', 'start'),
    arrow('M714 212H776'),
    label(745, 204, 'it fails'),
    arrow('M842 190V82H718'),
    label(842, 74, 're-release', 'end'),
    arrow('M652 234V316'),
    label(660, 280, 'the phone reports', 'start'),
    arrow('M590 342H528'),
    arrow('M400 334H338'),
    arrow('M334 350H396'),
    arrow('M210 342H148'),
    arrow('M82 320V250H560V92H586'),
    label(90, 242, 're-release, or by itself as the reuse policy says', 'start'),
  ];
  const words = [
    label(
      20,
      398,
      'Blue: ordered. “cancel” puts the profile back into stock (AVAILABLE) or takes it out of use (UNAVAILABLE).',
      'start',
    ),
    label(
      20,
      420,
      'Not ordered, or not on the way to a phone: “retire” takes it out of use, and “reset” puts it back into stock.',
      'start',
    ),
  ];
  return svg({
    title: 'The states of a profile',
    about:
      'An order takes a profile from AVAILABLE over ALLOCATED, or LINKED if it names an EID, and CONFIRMED to RELEASED. A phone downloads it: DOWNLOADED. What the phone reports makes it INSTALLED, ENABLED, DISABLED and DELETED. A deleted profile can be RELEASED again. A download that fails makes it ERROR. UNAVAILABLE is a profile that was retired.',
    width: 924,
    height: 436,
    parts: [...arrows, ...boxes, ...words],
  });
}

/** What each of the four calls is for, in the order in which a phone makes them. */
const calls = [
  ['initiateAuthentication', 'the server proves who it is'],
  ['authenticateClient', 'the eUICC proves who it is; the order is found'],
  ['getBoundProfilePackage', 'the package arrives, bound to this eUICC'],
  ['handleNotification', 'the phone reports: installed'],
] as const satisfies readonly (readonly [keyof typeof es9plus, string])[];

/** The four calls of a download. */
export function callsPicture(): string {
  const [phone, server] = [110, 690];
  const ends = [
    box({ x: 20, y: 16, width: 180, height: 56 }, 'Phone', ['LPA and eUICC']),
    box({ x: 600, y: 16, width: 180, height: 56 }, 'SM-DP+', ['esim-rsp, port 8443'], true),
    `<path class="line" d="M${phone} 72V396M${server} 72V396" stroke-dasharray="4 5"/>`,
  ];
  const steps = calls.flatMap(([name, purpose], i) => {
    const y = 118 + i * 76;
    return [
      arrow(`M${phone} ${y}H${server - 2}`),
      label((phone + server) / 2, y - 9, `${i + 1}. ${name} (${es9plus[name].section}): ${purpose}`),
      ...(es9plus[name].response === undefined ? [] : [arrow(`M${server} ${y + 24}H${phone + 2}`)]),
    ];
  });
  return svg({
    title: 'The four calls of a download',
    about: `A phone calls the SM-DP+ over TLS (ES9+). ${calls.map(([name, purpose], i) => `${i + 1}. ${name}: ${purpose}.`).join(' ')}`,
    width: 800,
    height: 412,
    parts: [...ends, ...steps],
  });
}

/** Who talks to what. */
export function architecturePicture(): string {
  const row = (x: number, y: number, width: number) => ({ x, y, width, height: 64 });
  return svg({
    title: 'The parts of a server',
    about:
      'The console, the SDK and the command line call the REST API. Systems of operators order over ES2+. Phones download over ES9+. All three use the rules of the SM-DP+, which read and change the store: SQLite or PostgreSQL. Events in the store are sent to webhooks, operators and mail.',
    width: 860,
    height: 420,
    parts: [
      box(row(20, 20, 250), 'Console, SDK, esim', ['people and your programs']),
      box(row(305, 20, 250), 'Operator’s system', ['TLS with a client certificate']),
      box(row(590, 20, 250), 'Phone', ['LPA and eUICC']),
      arrow('M145 84V128'),
      arrow('M430 84V128'),
      arrow('M715 84V128'),
      box(row(20, 130, 250), 'REST API', ['port 8080']),
      box(row(305, 130, 250), 'ES2+', ['port 8444']),
      box(row(590, 130, 250), 'ES9+', ['port 8443']),
      arrow('M145 194V238'),
      arrow('M430 194V238'),
      arrow('M715 194V238'),
      box(
        row(20, 240, 820),
        'SM-DP+',
        ['load, decide, save: no HTTP, no SQL, no clock, no randomness'],
        true,
      ),
      arrow('M430 304V342'),
      box(row(305, 344, 535), 'Store', ['SQLite or PostgreSQL; one transaction for each change']),
      arrow('M305 376H274'),
      box(row(20, 344, 250), 'Delivery', ['webhooks, ES2+ progress, mail']),
    ],
  });
}
