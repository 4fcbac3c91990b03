import type { Upstream } from '@esim-rsp/sdk';
import { Mark } from '../../parts/state.tsx';
import { useText } from '../../text/text.ts';

/** What can be done with profiles of the upstream, and why not: the sentences of the server. */
export function Capabilities({ upstream }: { upstream: Upstream }) {
  const words = useText().upstreams;
  return (
    <section aria-label={words.capabilities}>
      <h2>{words.capabilities}</h2>
      <p className="muted">{words.capabilitiesWhat}</p>
      <dl className="capabilities">
        {upstream.capabilities.map(({ name, supported, reason }) => (
          <div key={name}>
            <dt>
              <Mark family={supported ? 'device' : 'failed'}>{words.capability[name]}</Mark>
            </dt>
            <dd>{reason ?? words.possible}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
