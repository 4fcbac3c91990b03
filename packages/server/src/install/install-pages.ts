import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '@esim-rsp/smdp/env';
import type { Store } from '@esim-rsp/smdp/ports';
import { requestIdOf } from '../http/request-id.ts';
import { targetOf } from '../http/target.ts';
import { createBuckets } from '../limits/buckets.ts';
import { clientAddressOf } from '../limits/client-address.ts';
import { limitNameOf } from '../limits/ip-address.ts';
import type { Networks } from '../limits/networks.ts';
import type { Log } from '../log/log.ts';
import { inScope } from '../log/scope.ts';
import type { BrandStore } from '../store/ports/install/brands.ts';
import type { InstallLink, InstallLinkStore } from '../store/ports/install/links.ts';
import { fieldsOf, type PageAnswer, page, sendAnswer } from './answer.ts';
import { askForHelp } from './ask-for-help.ts';
import { assetNamed } from './assets.ts';
import { deviceOf } from './device.ts';
import { ASSETS, type MessageName, messagePage, statusOfMessage } from './document.ts';
import { languageNamed, preferredLanguage } from './languages.ts';
import { installPage } from './page.ts';
import { readForm } from './read-form.ts';
import { showLink } from './show-link.ts';
import { hashOfToken, INSTALL_PATH } from './token.ts';
import { type Frame, notices } from './view.ts';
import { isPerson, type LinkViews } from './views.ts';

export type InstallServices = {
  readonly store: InstallLinkStore & Pick<BrandStore, 'logo'> & Pick<Store, 'profile' | 'save'>;
  readonly env: () => Pick<Env, 'now' | 'smdpAddress'>;
  readonly views: Pick<LinkViews, 'record'>;
  /** Calls a minute of an address; 0: no limit. */
  readonly perAddress: number;
  /** The proxies that may say in X-Forwarded-For where a request comes from. */
  readonly proxies: Networks;
  /** Whether browsers reach the pages by TLS. */
  readonly isSecure: () => boolean;
  /** Counts a call that was answered. */
  readonly count?: (status: number, milliseconds: number) => void;
  readonly log: Pick<Log, 'error'>;
};

/** What a request asks for. `part` is empty for the page itself. */
type Asked = {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly token: string;
  readonly part: string;
  readonly query: URLSearchParams;
};

/** Requests for help of an address, in a minute. */
const HELP_PER_MINUTE = 10;

/** Answers a request; it never rejects. */
export type InstallPages = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves the pages for customers, and nothing else. Neither answers nor log lines have the token of a page. */
export function createInstallPages(services: InstallServices): InstallPages {
  const limits = {
    calls: createBuckets(services.perAddress),
    help: createBuckets(services.perAddress === 0 ? 0 : HELP_PER_MINUTE),
  };
  return async (request, response) => {
    const began = performance.now();
    const requestId = requestIdOf(request.headers['x-request-id']);
    const answer = await inScope({ request_id: requestId }, () => answerTo(services, limits, request));
    sendAnswer(response, requestId, answer);
    services.count?.(answer.status, performance.now() - began);
  };
}

type Limits = Readonly<Record<'calls' | 'help', ReturnType<typeof createBuckets>>>;

async function answerTo(
  services: InstallServices,
  limits: Limits,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const [path = '', query = ''] = targetOf(request.url ?? '').split('?', 2);
  const [, token = '', part = ''] = /^\/i\/([^/]+)(?:\/(state|help))?$/.exec(path) ?? [];
  const asked = { request, path: `${INSTALL_PATH}${token}`, token, part, query: new URLSearchParams(query) };
  try {
    const refused = refusalOf(asked, limits, services);
    if (refused !== undefined) return refused;
    if (path.startsWith(ASSETS))
      return (await assetNamed(path.slice(ASSETS.length), services.store)) ?? message(asked, 'linkUnknown');
    return await answerToLink(services, asked);
  } catch (error) {
    services.log.error('an install page could not be shown', { err: error });
    return message(asked, 'failed');
  }
}

/** Of a method that there is not, and of an address that calls too often. */
function refusalOf(asked: Asked, limits: Limits, { proxies }: InstallServices): PageAnswer | undefined {
  const { request, part } = asked;
  const isPost = part === 'help';
  const allowed = isPost ? ['POST'] : ['GET', 'HEAD'];
  if (!allowed.includes(request.method ?? '')) {
    const { body = '' } = message(asked, 'linkUnknown');
    return page(405, String(body), { allow: allowed.join(', ') });
  }
  const address = limitNameOf(clientAddressOf(request, proxies));
  const seconds = limits[isPost ? 'help' : 'calls'].take(address, Date.now());
  return seconds > 0 ? message(asked, 'tooMany', undefined, { 'retry-after': String(seconds) }) : undefined;
}

/** A token that never was and one that was revoked take the same way: the store does not know their hash. */
async function answerToLink(services: InstallServices, asked: Asked): Promise<PageAnswer> {
  const { store, env } = services;
  const hash = hashOfToken(asked.token);
  const found = hash === undefined ? undefined : await store.linkedPage(hash);
  if (found === undefined) return message(asked, 'linkUnknown');
  const { link, brand } = found;
  const { now, smdpAddress } = env();
  if (link.expiresAt <= now) return message(asked, 'linkExpired', brand);
  if (asked.part === 'help') return help(services, asked, link);
  const shown = showLink(found, smdpAddress, now);
  if (asked.part === 'state') {
    const body = JSON.stringify({ state: shown.state, stamp: shown.stamp });
    return { status: 200, fields: fieldsOf({ 'content-type': 'application/json; charset=utf-8' }), body };
  }
  const { request, path, query } = asked;
  if (request.method === 'GET' && isPerson(request.headers, services.isSecure()))
    services.views.record(link.hash, now);
  const notice = notices.find((one) => one === query.get('help'));
  return page(
    200,
    installPage({
      ...frameOf(asked, brand),
      ...shown,
      path,
      device: deviceOf(request.headers['user-agent']),
      ...(notice !== undefined && { notice }),
    }),
  );
}

/** The browser loads the page again: so a reload does not send the form again. */
async function help(
  { store, env }: InstallServices,
  asked: Asked,
  { hash }: InstallLink,
): Promise<PageAnswer> {
  const form = await readForm(asked.request);
  const notice =
    form === undefined ? 'tooLong' : await askForHelp(store, hash, form.get('message') ?? '', env());
  const chosen = languageNamed(asked.query.get('lang'));
  const query = new URLSearchParams({ ...(chosen && { lang: chosen }), help: notice });
  return { status: 303, fields: fieldsOf({ location: `${asked.path}?${query}#help` }) };
}

function message(
  asked: Asked,
  name: MessageName,
  brand?: Frame['brand'],
  headers?: Record<string, string>,
): PageAnswer {
  const text = messagePage(frameOf(asked, brand), name, hashOfToken(asked.token) ? asked.path : INSTALL_PATH);
  return page(statusOfMessage(name), text, headers);
}

function frameOf({ request, query }: Asked, brand: Frame['brand']): Frame {
  const chosen = languageNamed(query.get('lang'));
  const preferred = chosen ?? preferredLanguage(request.headers['accept-language']);
  return {
    language: preferred ?? languageNamed(brand?.language) ?? 'en',
    isChosen: chosen !== undefined,
    ...(brand !== undefined && { brand }),
  };
}
