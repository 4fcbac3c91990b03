import { execFile } from 'node:child_process';

/** The service manager that started this process, if it asked to be notified. */
export type Systemd = {
  /** The server serves. From now on the watchdog is answered, if there is one. */
  ready(status: string): void;
  /** The server stops. The watchdog is answered until the process ends. */
  stopping(): void;
};

/**
 * Notifies systemd by its program `systemd-notify`, because Node has no datagram sockets of Unix. The unit needs `NotifyAccess=all`. Does nothing
 * where systemd has not set NOTIFY_SOCKET. `warn` is called once if the program cannot be run.
 */
export function connectSystemd(
  { NOTIFY_SOCKET, WATCHDOG_USEC }: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Systemd {
  if (!NOTIFY_SOCKET) return { ready: () => undefined, stopping: () => undefined };
  let hasWarned = false;
  const notify = (...assignments: string[]) =>
    void execFile('systemd-notify', assignments, { timeout: TIMEOUT_MS }, (error) => {
      if (error === null || hasWarned) return;
      hasWarned = true;
      warn(`systemd cannot be notified, because systemd-notify failed (${error.message.trim()})`);
    });
  return {
    ready: (status) => {
      notify('READY=1', `STATUS=${status}`);
      const microseconds = Number(WATCHDOG_USEC);
      if (microseconds > 0) setInterval(notify, microseconds / 3000, 'WATCHDOG=1').unref();
    },
    stopping: () => notify('STOPPING=1', 'STATUS=finishes its requests'),
  };
}

const TIMEOUT_MS = 10_000;
