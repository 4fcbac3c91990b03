/** `postgres://user@one:5432,two/database?…`: user, hosts, and what comes behind them. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s;

/** What libpq calls a primary. A node can use nothing else. */
const ATTRIBUTE = 'target_session_attrs';
const PRIMARY = ['read-write', 'primary'];
const MOST_HOSTS = 16;

/** A URL for each host of a URL, in their order, as other programs read it: `host,host:port`. */
export function hostsOf(url: string): readonly [string, ...string[]] {
  const [, user = '', hosts = '', rest = ''] = PARTS.exec(url) ?? [];
  const [first = '', ...others] = hosts.split(',').map((host) => urlOfHost(`${user}${host}${rest}`));
  return [first, ...others];
}

function urlOfHost(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.searchParams.has(ATTRIBUTE)) url.searchParams.delete(ATTRIBUTE);
  return url.href;
}

/** Whether a node can use a URL: each of its hosts can be read, and it asks for no replica. */
export function isPostgresUrl(text: string): boolean {
  const hosts = PARTS.test(text) ? hostsOf(text) : [];
  return hosts.length > 0 && hosts.length <= MOST_HOSTS && hosts.every(isUrl) && asksForPrimary(text);
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && !new URL(text).searchParams.get('host')?.includes(',');
}

function asksForPrimary(text: string): boolean {
  const [, query = ''] = /\?([^#]*)/.exec(text) ?? [];
  return new URLSearchParams(query).getAll(ATTRIBUTE).every((value) => PRIMARY.includes(value));
}
