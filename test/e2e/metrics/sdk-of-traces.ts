import { appendFileSync } from 'node:fs';
import { NodeTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-node';

/** What a user loads with --import: an OpenTelemetry SDK, here one that writes each span as a line of the file TRACE_FILE. */

const path = process.env.TRACE_FILE ?? '';

const exporter: SpanExporter = {
  export: (spans, done) => {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const line = {
        traceId,
        spanId,
        parent: span.parentSpanContext?.spanId,
        name: span.name,
        kind: span.kind,
        status: span.status.code,
        attributes: span.attributes,
        links: span.links.map(({ context }) => context.traceId),
        pid: process.pid,
      };
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    }
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};

new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
