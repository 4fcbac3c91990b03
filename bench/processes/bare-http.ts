import { createServer } from 'node:http';
import { ready } from '../process.ts';

/** The limit of any HTTP server in Node: fixed bytes for every request. Arguments: the body, its type. */
const [body = '{}', type = 'application/json; charset=utf-8'] = process.argv.slice(2);
const bytes = Buffer.from(body);
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
});
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
