const API = '/api/v1/esim';
const THIS_MACHINE = /^(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/;

/**
 * The base URL of the API. A bare host or IP address gets a scheme (`http` for this machine, otherwise `https`), and a URL
 * without a path gets `/api/v1/esim`. In browsers a path is of the page's own origin. A user name in it is left out.
 */
export function baseUrl(text: string): string {
  if (text.startsWith('/')) return text;
  const scheme = THIS_MACHINE.test(text) ? 'http' : 'https';
  try {
    const { origin, pathname } = new URL(text.includes('://') ? text : `${scheme}://${text}`);
    return origin + (pathname === '/' ? API : pathname);
  } catch {
    return text; // The first call says that it is no URL.
  }
}
