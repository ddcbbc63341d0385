import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MEGABYTE = 1_000_000;

/** What a process occupies in memory now, in megabytes. */
export function residentMegabytes(pid: number): number {
	const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	return (Number(kibibytes) * 1024) / MEGABYTE;
}

/** Waits until a process's memory has not changed by more than a megabyte for two seconds; returns it, in megabytes. */
export async function settledMegabytes(pid: number): Promise<number> {
	for (let before = residentMegabytes(pid); ; ) {
		await sleep(2_000);
		const now = residentMegabytes(pid);
		if (Math.abs(now - before) <= 1) return now;
		before = now;
	}
}

/** Watches a process's memory while something runs; returns the most it occupied, in megabytes. */
export async function peakMegabytes(pid: number, work: () => Promise<void>): Promise<number> {
	let peak = residentMegabytes(pid);
	const watch = setInterval(() => {
		peak = Math.max(peak, residentMegabytes(pid));
	}, 20);
	try {
		await work();
	} finally {
		clearInterval(watch);
	}
	return peak;
}
