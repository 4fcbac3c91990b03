import { createSignInAttempts } from '../../limits/sign-in/sign-in-attempts.ts';
import { type ConsoleFiles, readConsoleFiles } from '../../rest/console/console-files.ts';
import { type ConsoleSessions, consoleSessions } from '../../rest/frame/session/console-sessions.ts';
import { type OpenIdProvider, openIdProvider } from '../../rest/openid/provider.ts';
import type { ServerStore } from '../../store/ports/server-store.ts';
import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';

/** The sessions of people, as the settings want them. */
export function openConsoleSessions(config: Config, store: ServerStore): ConsoleSessions {
  const { url, idleHours, days, attempts } = config.signIn;
  return consoleSessions(store, {
    idleSeconds: idleHours * 3600,
    longestSeconds: days * 86_400,
    attempts: createSignInAttempts(attempts, store),
    ...(url !== undefined && { publicUrl: url }),
    isBehindTls: config.httpBehindTls,
    isDemo: config.demo,
    now: Date.now,
  });
}

/** The OpenID provider; empty: there is none. */
export function openOpenId({ openid, signIn: { url } }: Config): { readonly openid?: OpenIdProvider } {
  return openid === undefined || url === undefined ? {} : { openid: openIdProvider(openid, url) };
}

/** The files of the built console; undefined: there is none. */
export function openConsole(folder: string | undefined): ConsoleFiles | undefined {
  if (folder === undefined) return undefined;
  try {
    return readConsoleFiles(folder);
  } catch (error) {
    throw new StartError(`the console cannot be served: ${(error as Error).message}`);
  }
}
