import { readFileSync } from 'node:fs';

/** What /proc counts times in. */
const TICKS_PER_SECOND = 100;

/** The processor time of a process and of those that it has started and that still run. Linux only. */
export function cpuSecondsOfTree(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name may have spaces
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  const others = children === '' ? [] : children.split(' ').map(Number);
  return (user + system) / TICKS_PER_SECOND + others.reduce((sum, child) => sum + cpuSecondsOfTree(child), 0);
}
