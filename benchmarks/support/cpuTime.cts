import { existsSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own clock (man 5 proc, USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time a process has used so far, all its threads together; undefined where there is no /proc. */
export function cpuSeconds(pid: number): number | undefined {
	const file = `/proc/${pid}/stat`;
	if (!existsSync(file)) return undefined;
	// The second field, the name in brackets, may hold spaces; user and system time are fields 14 and 15.
	const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
