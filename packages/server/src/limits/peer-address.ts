import type { Socket } from 'node:net';
import { parseIpAddress } from './ip-address.ts';

/** Client addresses that proxies announced, by connection: a TLS socket has the addresses and ports of the socket below it. */
const announced = new Map<string, { readonly address: string }>();

function nameOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}

/** Remembers until the connection is closed from which client it comes. */
export function announcePeer(socket: Socket, address: string): void {
  const name = nameOf(socket);
  const entry = { address };
  announced.set(name, entry);
  socket.once('close', () => {
    if (announced.get(name) === entry) announced.delete(name); // not that of a later connection with the same ports
  });
}

/** The address that the connection comes from: the one that its proxy announced (PROXY protocol), or that of its other end. */
export function peerAddressOf(socket: Socket): string {
  const known = announced.size > 0 ? announced.get(nameOf(socket)) : undefined;
  return known?.address ?? parseIpAddress(socket.remoteAddress ?? '') ?? '';
}
