/** Where the documentation puts an operation, by its path. The first that fits counts. */
const sections: readonly (readonly [RegExp, string])[] = [
  [
    /\/euicc-profiles\/(?::iccid\/)?(?:order|confirm|release|cancel|re-release|retire|reset|replace)$/,
    'Orders',
  ],
  [/\/install-link$|\/brand\b/, 'Install pages'],
  [/\/euicc-profiles\/(?:import|export|generate)$|\/profile-t/, 'Stock'],
  [/\/euicc-profiles\b|\/search$/, 'Profiles'],
  [/\/(?:events|download-attempts|refused-calls)\b/, 'Events and downloads'],
  [/\/webhooks\b/, 'Webhooks'],
  [/\/mail-/, 'Mail'],
  [/\/operators\b/, 'ES2+ operators'],
  [/\/(?:upstreams|operations)\b/, 'Other SM-DP+'],
  [/\/core-networks\b/, 'Core networks'],
  [/\/(?:keys|audit)\b/, 'Keys and audit log'],
  [/\/(?:sessions?|people|passkeys)\b/, 'People and sessions'],
  [/\/(?:status|overview|accounts|healthz|readyz)$/, 'Server'],
];
/** Of operations that only a server with a phone has. */
const LAB = /\/lab\//;

/** Of an operation that the table forgets, for which a test fails. */
export const OTHER = 'Other';

/** The heading of the documentation under which the operation of a path is. */
export function sectionOf(url: string): string {
  if (LAB.test(url)) return 'The phone of a demo';
  const [, title] = sections.find(([path]) => path.test(url)) ?? [];
  return title ?? OTHER;
}
