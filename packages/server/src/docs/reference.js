/* Builds the API reference from the OpenAPI document of this server. The library is in scalar.js. */

const USUAL_ADDRESS = 'http://127.0.0.1:8080';

/** The document with its operations in sections, and with the address of this server. */
function prepare(document) {
  const sections = new Set();
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path)) {
      sections.add(operation['x-section']);
      operation.tags = [operation['x-section']];
      operation.description = `${operation.summary}.\n\n${operation.description}`;
      operation.summary = operation.operationId;
      delete operation['x-section'];
      delete operation['x-permissions'];
    }
  const { origin } = globalThis.location;
  document.tags = [...sections].map((name) => ({ name }));
  document.info.description = document.info.description.replace(USUAL_ADDRESS, origin);
  document.servers = [{ url: origin, description: 'This server' }];
  return document;
}

async function start() {
  const answer = await fetch('/openapi.json');
  if (!answer.ok) return;
  const content = prepare(await answer.json());
  globalThis.document.getElementById('plain')?.remove();
  globalThis.Scalar.createApiReference('#reference', {
    content,
    theme: 'none',
    withDefaultFonts: false,
    telemetry: false,
    persistAuth: false,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    hiddenClients: true,
    documentDownloadType: 'direct',
    defaultOpenAllTags: false,
    authentication: { preferredSecurityScheme: [['ApiUserId', 'ApiKeyAuth']] },
  });
}

if (globalThis.Scalar !== undefined) start();
