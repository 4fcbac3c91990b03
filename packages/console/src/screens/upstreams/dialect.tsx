import type { UpdateUpstreamRequest, Upstream } from '@esim-rsp/sdk';
import { useText } from '../../text/text.ts';
import { Points, pointsIn } from './points.tsx';

const TAKES_BACK = ['never', 'until_download', 'always'] as const satisfies Upstream['takes_back'][];
const STATUS_CALLS = ['none', 'getProfileStatus'] as const satisfies Upstream['status_call'][];
const PADDINGS = ['none', 'upper_f', 'lower_f'] as const satisfies Upstream['iccid_padding'][];

/** What differs from vendor to vendor, as fields of the form. */
export function Dialect({ upstream }: { upstream: Upstream }) {
  const words = useText().upstreams;
  return (
    <>
      <label>
        {words.takesBack}
        <select name="takesBack" defaultValue={upstream.takes_back}>
          {TAKES_BACK.map((one) => (
            <option key={one} value={one}>
              {words.takesBackValues[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.statusCall}
        <select name="statusCall" defaultValue={upstream.status_call}>
          {STATUS_CALLS.map((one) => (
            <option key={one} value={one}>
              {one === 'none' ? words.noStatusCall : one}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.repeats}
        <select name="repeats" defaultValue={String(upstream.repeats_answers)}>
          <option value="true">{words.repeatsYes}</option>
          <option value="false">{words.repeatsNo}</option>
        </select>
      </label>
      <label>
        {words.padding}
        <select name="padding" defaultValue={upstream.iccid_padding}>
          {PADDINGS.map((one) => (
            <option key={one} value={one}>
              {words.paddingValues[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        X-Admin-Protocol
        <input name="protocol" required autoComplete="off" defaultValue={upstream.admin_protocol} />
      </label>
      <div className="columns">
        <label>
          {words.atOnce}
          <input
            name="concurrency"
            type="number"
            required
            min={1}
            max={64}
            defaultValue={upstream.concurrency}
          />
        </label>
        <label>
          {words.seconds}
          <input
            name="timeout"
            type="number"
            required
            min={1}
            max={120}
            defaultValue={upstream.timeout_seconds}
          />
        </label>
      </div>
      <Points notification_points={upstream.notification_points} />
    </>
  );
}

export function dialectIn(form: FormData): UpdateUpstreamRequest {
  const field = (name: string) => String(form.get(name) ?? '');
  return {
    takes_back: field('takesBack') as Upstream['takes_back'],
    status_call: field('statusCall') as Upstream['status_call'],
    repeats_answers: field('repeats') === 'true',
    iccid_padding: field('padding') as Upstream['iccid_padding'],
    admin_protocol: field('protocol').trim(),
    concurrency: Number(field('concurrency')),
    timeout_seconds: Number(field('timeout')),
    notification_points: pointsIn(form),
  };
}
