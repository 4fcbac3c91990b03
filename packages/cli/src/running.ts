import { runningServer, type ServerAddresses } from '@esim-rsp/server/process/folder/running';
import { urlOf } from '@esim-rsp/server/process/listen';
import { localConfig } from './local.ts';

/** Where the server on this machine is: what it says while it runs, otherwise what its settings say. */
export function serverAddresses(): ServerAddresses {
  const config = localConfig();
  const { httpTls, httpHost, httpPort, es9Tls, es9Host, es9Port, es2Host, es2Port } = config;
  return (
    runningServer(config.dataDir) ?? {
      restUrl: urlOf(httpTls === undefined ? 'http' : 'https', httpHost, httpPort),
      es9Url: urlOf(es9Tls ? 'https' : 'http', es9Host, es9Port),
      es2Url: urlOf('https', es2Host, es2Port),
      smdpAddress: config.smdpAddress ?? `localhost:${es9Port}`,
      pkiDir: config.pkiDir,
    }
  );
}
