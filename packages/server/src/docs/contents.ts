/** A page of the guides: its name in the address, its words in lists, and the file, or folder, with its text. */
export type Page = { readonly name: string; readonly label: string; readonly source: string };
export type Group = { readonly title: string; readonly pages: readonly Page[] };

/** The pages that the guides link to, in the order of reading. A guide is `docs/guide/<name>.md`. */
export const groups: readonly Group[] = [
  {
    title: 'Start',
    pages: [
      guide('first-steps', 'First steps'),
      guide('concepts', 'Concepts'),
      guide('console', 'The console'),
    ],
  },
  {
    title: 'Profiles and customers',
    pages: [
      guide('inventory', 'Inventory'),
      guide('customers', 'When a customer calls'),
      guide('install-page', 'Install page'),
      guide('privacy', 'Personal data'),
    ],
  },
  {
    title: 'Connect your systems',
    pages: [
      { name: 'sdk', label: 'SDK', source: 'packages/sdk/README.md' },
      guide('keys', 'Keys and audit log'),
      guide('webhooks', 'Webhooks'),
      guide('es2plus', 'ES2+'),
      guide('gateway', 'Other SM-DP+'),
      guide('private-network', 'Private network'),
      guide('mail', 'Mail'),
    ],
  },
  {
    title: 'Real phones',
    pages: [
      guide('real-phones', 'Phones that people own'),
      guide('pki', 'Certificates and keys'),
      guide('hsm', 'Keys in an HSM'),
      guide('key-ceremony', 'Key ceremony'),
      guide('sas-sm', 'SAS-SM'),
    ],
  },
  {
    title: 'Operate the server',
    pages: [
      guide('deployment', 'Deployment'),
      guide('proxies', 'Proxies'),
      guide('operations', 'Operations'),
      guide('runbooks', 'Runbooks'),
      guide('backup', 'Backup and restore'),
      guide('secrets', 'Secrets'),
      guide('workers', 'Workers'),
      guide('postgresql', 'PostgreSQL'),
      guide('move-to-postgresql', 'Move to PostgreSQL'),
      guide('capacity', 'Capacity'),
      guide('benchmarks', 'Benchmarks'),
    ],
  },
  {
    title: 'Look up',
    pages: [
      guide('errors', 'Errors'),
      guide('limits', 'Limits'),
      { name: 'changelog', label: 'Changelog', source: 'CHANGELOG.md' },
    ],
  },
  {
    title: 'Design',
    pages: [
      { name: 'architecture', label: 'Architecture', source: 'ARCHITECTURE.md' },
      { name: 'divergences', label: 'Divergences', source: 'docs/spec/divergences.md' },
      { name: 'compliance', label: 'Compliance', source: 'docs/spec/compliance.md' },
      { name: 'coverage', label: 'Coverage', source: 'docs/spec/coverage.md' },
      { name: 'decisions', label: 'Decisions', source: 'docs/adr' },
    ],
  },
];

function guide(name: string, label: string): Page {
  return { name, label, source: `docs/guide/${name}.md` };
}
