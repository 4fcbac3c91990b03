import { createServer } from 'node:http';
import { ready } from '../process.ts';

/** The limit of any HTTP server in Node: fixed bytes for every request. Arguments: the body in base64, its headers as JSON. */
const [body = '', headers = '{}'] = process.argv.slice(2);
const bytes = Buffer.from(body, 'base64');
const head = JSON.parse(headers) as Record<string, string>;
const server = createServer((_request, response) => {
  response.writeHead(200, head);
  response.end(bytes);
});
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
