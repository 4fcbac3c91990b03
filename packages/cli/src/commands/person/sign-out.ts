import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { personId, personName } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { valueBy } from '../../values.ts';

/** `esim person sign-out`: ends all sessions of a person. */
export function configure(command: Command): void {
  restOptions(command).argument('<person>', 'e-mail address or id', valueBy(personName)).action(signOut);
  examples(command, {
    'esim person sign-out ada@example.com': 'a lost laptop: the person can sign in again elsewhere',
  });
}

async function signOut(person: string, options: RestOptions): Promise<void> {
  await askApi(options, async (api) => api.deletePersonSessions(await personId(api, person)));
  show(options, { signed_out: person }, `All sessions of ${person} have ended.`);
}
