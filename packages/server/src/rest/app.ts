import { constants } from 'node:crypto';
import { refuse } from '@esim-rsp/smdp/state/refusals';
import { Type } from '@sinclair/typebox';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onSendHookHandler,
} from 'fastify';
import { DOC_ROUTES } from '../docs/doc-files.ts';
import { handleExpectations, waitsToContinue } from '../http/expectations.ts';
import { requestIdOf } from '../http/request-id.ts';
import { pathOf, targetOf } from '../http/target.ts';
import { dropUnreadBodies } from '../http/unread-body.ts';
import { ASSETS } from '../install/document.ts';
import type { InstallPages } from '../install/install-pages.ts';
import { INSTALL_PATH } from '../install/token.ts';
import { closed } from '../shapes/shape.ts';
import { UnreadableRecordError } from '../store/ports/unreadable-rows.ts';
import { CONSOLE, serveConsole, wantsPage } from './console/serve-console.ts';
import { serveDocs } from './docs/serve-docs.ts';
import { audited } from './frame/audited.ts';
import type { Caller } from './frame/authenticate.ts';
import { readBodies } from './frame/body.ts';
import { onceFor } from './frame/idempotency/idempotent.ts';
import { type Identify, identifier } from './frame/identify.ts';
import { inRequest, logCall, traceCall } from './frame/in-request.ts';
import { answerInTurn } from './frame/in-turn.ts';
import type { Operation, RestStore, Services, WriteAudit } from './frame/operation.ts';
import { HttpProblem, problemBody, problemOf } from './frame/problem.ts';
import { serializerFor } from './frame/serialization.ts';
import { refuseAtSocket, refuseExpectation } from './frame/socket-problem.ts';
import { streamOf, takeStreams } from './frame/stream-body.ts';
import { type Part, validatorFor } from './frame/validation.ts';
import { labOperations } from './lab/operations.ts';
import { DOCUMENTS, documentsOf } from './openapi/documents.ts';
import { serveOpenId } from './openid/serve-openid.ts';
import { operations } from './operations.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, as authentication found out. */
    caller: Caller | null;
    /** When its turn came, if calls are counted. */
    beganAt: number;
    /** For the log; empty: it is not known yet, or the operation is open. */
    operationId: string;
  }
}

export const BODY_LIMIT = 65_536;

/** What a client may take: milliseconds for the headers, and bytes. */
const slowClients = { headersTimeout: 10_000, connectionsCheckingInterval: 5000, maxHeaderSize: 16_384 };

/** Certificate, with its chain, and key in PEM. */
export type RestTls = { readonly cert: Buffer; readonly key: Buffer };

type Parts = Services & {
  readonly tls?: RestTls;
  /** The pages for customers. */
  readonly pages: InstallPages;
  /** Another port serves them: this one has their styles and logos only, for the preview in the console. */
  readonly pagesAreElsewhere?: boolean;
};

/** The REST API as a Fastify application that does not listen yet. Without `tls`: plain HTTP. */
export function restApp({ tls, pages, pagesAreElsewhere = false, ...services }: Parts): FastifyInstance {
  const app = Fastify({
    ...((tls === undefined
      ? { http: slowClients }
      : {
          https: {
            ...slowClients,
            ...tls,
            minVersion: 'TLSv1.2',
            secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
          },
        }) as object),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 200 },
    rewriteUrl: ({ url = '/' }) => targetOf(url),
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    exposeHeadRoutes: true,
    forceCloseConnections: false,
    clientErrorHandler: refuseAtSocket,
    frameworkErrors: (error, request, reply) => {
      addCommonHeaders(request, reply as FastifyReply); // no hook runs for a path that cannot be read
      answerProblem(services, error, request, reply as FastifyReply);
    },
  });
  app.setValidatorCompiler<never>(({ schema, httpPart }) => validatorFor(schema, httpPart as Part));
  app.setSerializerCompiler<never>(({ schema }) => serializerFor(schema));
  app.setErrorHandler((error, request, reply) => answerProblem(services, error, request, reply));
  app.decorateRequest('beganAt', 0);
  app.decorateRequest('operationId', '');
  app.setNotFoundHandler(counting404(services));
  app.addHook('onRequest', services.countCalls === undefined ? commonHeaders : beginCall);
  if (services.load !== undefined) answerInTurn(app, services.load);
  readBodies(app);
  handleExpectations(app.server, refuseExpectation);
  dropUnreadBodies(app.server);
  addRoutes(app, services);
  addPages(app, pages, pagesAreElsewhere ? ASSETS : INSTALL_PATH, services);
  return app;
}

/** A hook of a route that counts its calls. */
function counting(name: string, { countCalls }: Pick<Services, 'countCalls'>) {
  const count = countCalls?.(name);
  if (count === undefined) return {};
  const onSend: onSendHookHandler = ({ beganAt }, { statusCode }, _payload, done) => {
    count(statusCode, performance.now() - beganAt);
    done();
  };
  return { onSend };
}

const ANONYMOUS: Caller = { account: '', keyId: '', permissions: [] };

function addRoutes(app: FastifyInstance, services: Services): void {
  const identifyFor = identifier(services);
  app.decorateRequest('caller', null as never);
  const served = services.lab === undefined ? operations : [...operations, ...labOperations];
  for (const operation of served) {
    const { bodyTypes } = operation;
    const add = (to: FastifyInstance) => addRoute(to, services, operation, identifyFor(operation));
    if (bodyTypes === undefined) add(app);
    else
      app.register(async (own) => {
        takeStreams(own, bodyTypes);
        add(own);
      });
  }
  const counted = counting('documents', services);
  const { consoleFiles } = services;
  serveOpenId(app, services, counting('openid', services));
  if (consoleFiles !== undefined) serveConsole(app, consoleFiles, counting('console', services));
  app.get('/', counted, (request, reply) =>
    reply.redirect(consoleFiles !== undefined && wantsPage(request) ? CONSOLE : '/docs'),
  );
  serveDocs(app, counted);
  const document = documentsOf(served, services.version);
  for (const url of DOCUMENTS)
    app.get(url, counted, (_request, reply) => {
      const { headers, body } = document(url);
      return reply.headers(headers).send(body);
    });
}

/** The pages for customers write their answers themselves: they have other headers, and their bodies are forms. */
function addPages(app: FastifyInstance, pages: InstallPages, below: string, { load }: Services): void {
  app.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', (_request, body, done) => done(null, body));
    own.all(`${below}*`, (request, reply) => {
      reply.hijack();
      const leave = load?.enter();
      pages(request.raw, reply.raw).finally(leave);
    });
  });
}

function counting404(services: Services) {
  const count = services.countCalls?.('unknown');
  return (request: FastifyRequest, reply: FastifyReply) => {
    notFound(services, request, reply);
    count?.(reply.statusCode, performance.now() - request.beganAt);
    return reply;
  };
}

/** The query and path of an operation that takes none. */
const NOTHING = Type.Object({}, closed);
/** The body of an operation that takes none: some clients send an empty object. */
const NO_BODY = Type.Unsafe<object | null>({ ...NOTHING, type: ['object', 'null'] });

function addRoute(app: FastifyInstance, services: Services, operation: Operation, identify: Identify): void {
  const {
    operationId,
    method,
    url,
    bodyLimit,
    params,
    query,
    body,
    bodyTypes,
    answers,
    open,
    choosesNumbers,
    isLong,
    changesNothing = false,
    respond,
    answerAgain,
    ifLost,
  } = operation;
  const isChange = !open && method !== 'GET';
  const audit = audited(services, operation);
  const callOf = (request: FastifyRequest, writeAudit?: WriteAudit) => {
    const { account, keyId, permissions, session } = request.caller ?? ANONYMOUS;
    const { params, query, headers } = request;
    const sent =
      bodyTypes === undefined
        ? { body: request.body }
        : { body: undefined, stream: streamOf(request), ...(writeAudit && { audit: writeAudit }) };
    return {
      account,
      keyId,
      permissions,
      ...(session !== undefined && { session }),
      params,
      query,
      ...sent,
      headers,
      env: { ...services.env(), caller: { keyId } },
    };
  };
  const work = (
    request: FastifyRequest,
    reply: FastifyReply,
    { writeAudit, store = services.store }: { writeAudit?: WriteAudit; store?: RestStore } = {},
  ) => {
    const call = callOf(request, writeAudit);
    const answer = () => respond({ ...services, store }, call, reply);
    return choosesNumbers && services.availability ? services.availability(call.account, answer) : answer();
  };
  const once = (request: FastifyRequest, reply: FastifyReply, writeAudit?: WriteAudit) =>
    method === 'POST' && bodyTypes === undefined
      ? onceFor(services, request, reply, {
          work: (store) => work(request, reply, { store }),
          again: answerAgain && ((done) => answerAgain(services, callOf(request), reply, done)),
          ifLost,
        })
      : work(request, reply, writeAudit === undefined ? {} : { writeAudit });
  const response = Object.fromEntries(
    Object.entries(answers).flatMap(([status, { schema }]) =>
      schema === undefined ? [] : [[status, schema]],
    ),
  );
  app.route({
    method,
    url,
    ...counting(operationId, services),
    ...(bodyLimit !== undefined && { bodyLimit }),
    schema: {
      params: params ?? NOTHING,
      querystring: query ?? NOTHING,
      ...(method !== 'GET' && bodyTypes === undefined && { body: body ?? NO_BODY }),
      response,
    },
    ...(!open && {
      onRequest: (request, reply, done) => {
        request.operationId = operationId;
        inRequest(request, () => identify(request, reply, done));
      },
    }),
    handler: (request, reply) =>
      inRequest(request, async () => {
        const { load, traces, log } = services;
        const call = () =>
          whileInProgress(bodyTypes === undefined ? load : undefined, isLong, () =>
            isChange && !changesNothing
              ? audit(request, reply, (writeAudit) => once(request, reply, writeAudit))
              : isChange
                ? once(request, reply)
                : work(request, reply),
          );
        const answer = await (traces === undefined || open
          ? call()
          : traceCall(traces, request, reply, call));
        logCall(log, request, reply.statusCode);
        return answer;
      }),
  });
}

/** Counts a call while it is worked on. An import is not counted, because it lasts as long as its body. */
async function whileInProgress(
  load: Services['load'],
  isLong: boolean | undefined,
  work: () => unknown,
): Promise<unknown> {
  const leave = load?.enter();
  try {
    return await (isLong && load ? load.long(work) : work());
  } finally {
    leave?.();
  }
}

/**
 * On every answer: the request's id; permission for browsers of any origin, which need a key like all others; and no
 * caching, because profiles contain activation codes.
 */
function commonHeaders(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  addCommonHeaders(request, reply);
  done();
}

function beginCall(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  request.beganAt = performance.now();
  commonHeaders(request, reply, done);
}

function addCommonHeaders({ id }: Pick<FastifyRequest, 'id'>, reply: FastifyReply): void {
  reply.header('x-request-id', id);
  reply.header('cache-control', 'no-store, private');
  reply.header('x-content-type-options', 'nosniff');
  reply.header('access-control-allow-origin', '*');
  reply.header(
    'access-control-expose-headers',
    'x-request-id, retry-after, content-disposition, idempotency-replayed, location',
  );
}

function answerProblem(
  { log }: Services<unknown>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = foreignProblem(error, request) ?? problemOf(error);
  if (known === undefined || known.code === 'record_unreadable')
    log?.error('the call failed, because the server has an error; the caller got the request id', {
      request_id: request.id,
      err: error,
    });
  const problem =
    known ??
    new HttpProblem(500, 'internal_error', `the server failed; its log has the reason under ${request.id}`);
  logCall(log, request, problem.status);
  const { retryAfter = problem.status === 503 ? 1 : undefined } = problem;
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (reply.hasHeader('connection')) reply.header('connection', afterWrongBody(reply.raw));
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemBody(problem, request.url.split('?')[0] ?? '', request.id));
}

/**
 * Fastify would close the connection after every body that is wrong, before the answer arrives: see dropUnreadBodies. It ends if the client or the
 * server wants that anyway; to remove the header would hide it.
 */
function afterWrongBody(response: FastifyReply['raw']): 'close' | 'keep-alive' {
  return response.shouldKeepAlive && !waitsToContinue(response) ? 'keep-alive' : 'close';
}

/** The record of another account is unknown, and nothing says which it is. */
function foreignProblem(error: unknown, { caller, params, id }: FastifyRequest): HttpProblem | undefined {
  if (!(error instanceof UnreadableRecordError)) return undefined;
  const { account, row } = error;
  if (account === undefined || account === caller?.account) return undefined;
  const { iccid } = (params ?? {}) as { readonly iccid?: string };
  if (row === `profile ${iccid}`) return problemOf(refuse.iccidUnknown());
  return new HttpProblem(500, 'internal_error', `the server failed; its log has the reason under ${id}`);
}

type Pattern = { readonly methods: readonly string[]; readonly path: RegExp };

function patternOf({ method, url }: Pick<Operation, 'url'> & { readonly method: string }): Pattern {
  return {
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    path: new RegExp(`^${url.replace(/:\w+/g, '[^/]+').replace('*', '.+')}$`),
  };
}

const patterns = [
  ...operations,
  ...['/', ...DOCUMENTS, ...DOC_ROUTES].map((url) => ({ method: 'GET', url })),
].map(patternOf);
const labPatterns = labOperations.map(patternOf);

/** Answers an unknown path, an unknown method of a known path, and a browser's question for permission (CORS). */
function notFound(services: Services<unknown>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request.url);
  const served = services.lab === undefined ? patterns : [...patterns, ...labPatterns];
  const methods = served.filter((pattern) => pattern.path.test(path)).flatMap(({ methods }) => methods);
  // a document that is not there has a path that others of its kind have
  if (methods.length === 0 || methods.includes(request.method)) {
    const problem = new HttpProblem(
      404,
      'no_such_path',
      `there is no operation at ${request.method} ${path}: /docs lists all`,
    );
    return answerProblem(services, problem, request, reply);
  }
  const allowed = [...methods, 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') return answerPreflight(reply, allowed);
  reply.header('allow', allowed);
  const problem = new HttpProblem(405, 'method_not_allowed', `${path} supports ${methods.join(', ')}`);
  return answerProblem(services, problem, request, reply);
}

function answerPreflight(reply: FastifyReply, allowed: string): FastifyReply {
  return reply
    .status(204)
    .header('access-control-allow-methods', allowed)
    .header(
      'access-control-allow-headers',
      'content-type, x-user-id, x-api-key, x-request-id, idempotency-key, prefer, traceparent, tracestate',
    )
    .header('access-control-max-age', '600')
    .send();
}
