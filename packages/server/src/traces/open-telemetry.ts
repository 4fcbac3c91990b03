import type { Span as ApiSpan, Context, SpanOptions } from '@opentelemetry/api';
import { readTraceparent, writeTraceparent } from '../http/traceparent.ts';
import { reduceError } from '../log/errors.ts';
import { admit } from '../log/fields.ts';
import { inScope } from '../log/scope.ts';
import type { Span, Traces } from './traces.ts';

type Api = typeof import('@opentelemetry/api');

export type TraceOptions = {
  /** Whether attributes name ICCIDs and EIDs. */
  readonly withIdentifiers: boolean;
  /** Called when there is an SDK that cannot be used. */
  readonly warn: (message: string) => void;
};

/** Traces, if an OpenTelemetry SDK was registered before the server (node --import). undefined: there is none, and nothing is loaded. */
export async function openTraces({ withIdentifiers, warn }: TraceOptions): Promise<Traces | undefined> {
  if (!isSdkRegistered()) return undefined;
  try {
    return tracesOf(await import('@opentelemetry/api'), withIdentifiers);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    warn(
      'an OpenTelemetry SDK is registered, but there are no traces: install @opentelemetry/api next to the server',
    );
    return undefined;
  }
}

/** Where version 1 of the API keeps what an SDK registers, for all copies of the API in a process. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

function isSdkRegistered(): boolean {
  const registry = (globalThis as { readonly [REGISTRY]?: { readonly trace?: unknown } })[REGISTRY];
  return registry?.trace !== undefined;
}

function tracesOf(api: Api, withIdentifiers: boolean): Traces {
  const { context, trace, ROOT_CONTEXT, SpanKind } = api;
  const tracer = trace.getTracer('esim-rsp');
  const begin = async <T>(
    name: string,
    options: SpanOptions,
    parent: Context,
    work: (span: ApiSpan) => Promise<T>,
  ): Promise<T> => {
    const span = tracer.startSpan(name, options, parent);
    const { traceId } = span.spanContext();
    try {
      const inTrace = () => inScope({ trace_id: traceId }, () => work(span));
      return await context.with(trace.setSpan(parent, span), inTrace);
    } catch (error) {
      span.setAttribute('error.type', reduceError(error).name);
      throw error;
    } finally {
      span.end();
    }
  };
  const spanOf = (span: ApiSpan): Span => ({
    rename: (name) => void span.updateName(name),
    note: (fields) => {
      for (const [name, value] of Object.entries(admit(fields, withIdentifiers)))
        span.setAttribute(`esim.${name}`, value as string | number);
    },
    fail: () => void span.setStatus({ code: api.SpanStatusCode.ERROR }),
  });
  const remote = (traceparent: string | string[] | undefined) => {
    const place = readTraceparent(traceparent);
    return place && { ...place, isRemote: true };
  };
  return {
    receive: ({ name, headers, isKnown }, work) => {
      const sender = remote(headers.traceparent);
      const active = context.active(); // of an instrumentation of node:http, if there is one
      const isOuter = sender !== undefined && isKnown && trace.getSpan(active) === undefined;
      const parent = isOuter ? trace.setSpanContext(ROOT_CONTEXT, sender) : active;
      const links = sender !== undefined && !isKnown ? [{ context: sender }] : [];
      return begin(name, { kind: SpanKind.SERVER, links }, parent, (span) => work(spanOf(span)));
    },
    step: (name, work) =>
      begin(name, { kind: SpanKind.INTERNAL }, context.active(), (span) => work(spanOf(span))),
    send: ({ name, cause }, work) => {
      const sender = remote(cause);
      const parent = sender === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, sender);
      return begin(name, { kind: SpanKind.CLIENT }, parent, (span) =>
        work({ traceparent: writeTraceparent(span.spanContext()) }, spanOf(span)),
      );
    },
    current: () => {
      const span = trace.getSpan(context.active());
      return span && writeTraceparent(span.spanContext());
    },
  };
}
