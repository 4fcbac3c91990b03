import type { Upstream, UpstreamDialect } from '../../ports/gateway/upstreams.ts';
import { makeClientIdentity } from '../../ports/operators.ts';

const dialect: UpstreamDialect = {
  adminProtocol: 'gsma/rsp/v2.2.0',
  statusCall: 'none',
  repeatsAnswers: true,
  takesBack: 'until_download',
  concurrency: 4,
  timeoutSeconds: 30,
  iccidPadding: 'none',
  points: { 1: 'eligibility', 101: 'enabled' },
};

type Members = Partial<Omit<Upstream, 'dialect'>> & { readonly dialect?: Partial<UpstreamDialect> };

/** An upstream of the account `lab`, which does not exist. */
export function someUpstream({ dialect: differs, ...members }: Members = {}): Upstream {
  return {
    account: 'lab',
    name: 'vendor',
    url: 'https://vendor.example.com:8444/prefix',
    client: makeClientIdentity('a certificate', 'a key'),
    requesterIdentifier: '1.2.3',
    smdpAddress: 'rsp.vendor.example.com',
    createdAt: 1_700_000_000_000,
    ...members,
    dialect: { ...dialect, ...differs },
  };
}
