import type { IncomingHttpHeaders } from 'node:http';
import type { LogFields } from '../log/fields.ts';

/** What is going on in a trace. */
export type Span = {
  /** A better name than that at the beginning. */
  rename(name: string): void;
  /** Adds members of log lines as attributes. */
  note(fields: LogFields): void;
  /** It ended badly, and not because of the caller. */
  fail(): void;
};

/** A received call. */
export type ReceivedCall = {
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether its traceparent says which trace this is part of. Otherwise it is only a link: anybody can send one. */
  readonly isKnown: boolean;
};

/** A message that is sent to somebody outside. `cause`: traceparent of what made it necessary. */
export type SentMessage = { readonly name: string; readonly cause: string | undefined };

/** Traces of an OpenTelemetry SDK. Absent wherever they are used: there are none, and nothing of this runs. */
export type Traces = {
  receive<T>(call: ReceivedCall, work: (span: Span) => Promise<T>): Promise<T>;
  /** A step of what is going on. */
  step<T>(name: string, work: (span: Span) => Promise<T>): Promise<T>;
  /** `headers` of the message have its traceparent. */
  send<T>(message: SentMessage, work: (headers: TraceHeaders, span: Span) => Promise<T>): Promise<T>;
  /** traceparent of what is going on. */
  current(): string | undefined;
};

export type TraceHeaders = { readonly traceparent?: string };
