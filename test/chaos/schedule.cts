import type { FaultRule, Switches, TaskPlan } from '../../simulator/index.cts';
import { callbackFaults, hiApiFaults, taskPlans } from './hiApiFaults.cts';
import { randomOf, type Random } from './random.cts';

export const N8N_PROCESSES = ['main', 'worker1', 'worker2', 'processor'] as const;
export type N8nProcess = (typeof N8N_PROCESSES)[number];

export const PROCESSES = [...N8N_PROCESSES, 'redis', 'postgres', 'simulator'] as const;

/** What is killed and started again. */
export type ProcessName = (typeof PROCESSES)[number];

/** How an order is worked on: see workflows.cts. */
export const WAYS = ['keyed', 'polled', 'suspended', 'created'] as const;
export type Way = (typeof WAYS)[number];

/** One task that somebody wants. */
export interface Order {
	/** As long as any other, and part of none. */
	id: string;
	way: Way;
	plan: TaskPlan;
}

/** Something that happens `at` so many seconds after the start. */
export type ChaosEvent = { at: number } & (
	| { type: 'kill'; processes: ProcessName[]; downSeconds: number }
	| { type: 'hiApiFault'; rules: FaultRule[] }
	| { type: 'hiApiSwitches'; switches: Partial<Switches>; seconds: number }
	| { type: 'diskFull'; seconds: number }
	| { type: 'clockJump'; processes: N8nProcess[]; jumpSeconds: number; seconds: number }
	| { type: 'orders'; orders: Order[] }
);

const LANES = { kills: 0, faults: 1, switches: 2, disk: 3, clock: 4, orders: 5 };

/** Everything that is going to happen in so many minutes; the same for the same seed. Oldest first. */
export function makeSchedule(seed: number, minutes: number): ChaosEvent[] {
	const end = minutes * 60;
	const lane = (name: keyof typeof LANES) => randomOf(seed, LANES[name]);
	const disk = diskFull(lane('disk'), end);
	return [
		...disk,
		...kills(lane('kills'), end, disk),
		...clockJumps(lane('clock'), end),
		...spread(lane('faults'), end, [3, 8], (random) => ({
			type: 'hiApiFault' as const,
			rules: random.pick(hiApiFaults(random)),
		})),
		...spread(lane('switches'), end, [15, 30], (random) => ({
			type: 'hiApiSwitches' as const,
			switches: random.pick(callbackFaults),
			seconds: random.int(5, 15),
		})),
		...orders(lane('orders'), end),
	].sort((a, b) => a.at - b.at);
}

/** Something every few seconds (from … to …), nothing in the first three. */
function spread<T>(
	random: Random,
	end: number,
	[least, most]: [number, number],
	make: (random: Random) => T,
): Array<{ at: number } & T> {
	const events: Array<{ at: number } & T> = [];
	for (let at = 3 + random.int(0, most - least); at < end; at += random.int(least, most))
		events.push({ at, ...make(random) });
	return events;
}

/** Each process in turn, in random order, sometimes two at once. */
function kills(
	random: Random,
	end: number,
	disk: Array<{ at: number; seconds: number }>,
): ChaosEvent[] {
	let turn: ProcessName[] = [];
	return spread(random, end, [14, 26], () => {
		if (turn.length === 0) turn = random.shuffled(PROCESSES);
		const processes = [turn.shift()!];
		const other = random.pick(PROCESSES);
		if (random.percent(25) && !processes.includes(other)) processes.push(other);
		return { type: 'kill' as const, processes, downSeconds: random.int(0, 8) };
	}).map((event) => {
		// PostgreSQL cannot repair its files on a full disk: that would test PostgreSQL
		const full = disk.some(({ at, seconds }) => event.at >= at - 10 && event.at <= at + seconds);
		const processes = event.processes.map((name) =>
			full && name === 'postgres' ? 'worker1' : name,
		);
		return { ...event, processes: [...new Set(processes)] };
	});
}

function diskFull(random: Random, end: number) {
	return spread(random, end, [60, 120], () => ({
		type: 'diskFull' as const,
		seconds: random.int(10, 20),
	}));
}

/**
 * Forwards and backwards, on one machine or on all; some so far that callbacks look too old until the clock is set right. Main's clock
 * is not set far off: n8n 2.41 then plans the next look of a polling trigger for a wrong time, and it stays silent long after.
 */
function clockJumps(random: Random, end: number): ChaosEvent[] {
	return spread(random, end, [40, 80], () => {
		const jumpSeconds = random.pick([-3600, -400, -90, -5, 5, 30, 400, 3600]);
		const all = N8N_PROCESSES.filter((name) => name !== 'main' || Math.abs(jumpSeconds) <= 30);
		const one = random.pick(all);
		return {
			type: 'clockJump' as const,
			processes: random.percent(50) ? all : [one],
			jumpSeconds,
			seconds: random.int(5, 20),
		};
	});
}

function orders(random: Random, end: number): ChaosEvent[] {
	let count = 0;
	let turn: Way[] = [];
	return spread(random, end - 5, [2, 6], () => {
		if (turn.length === 0) turn = random.shuffled(WAYS);
		const way = turn.shift()!;
		const list = Array.from({ length: random.int(1, 4) }, (): Order => {
			count += 1;
			const id = `order-${String(count).padStart(5, '0')}`;
			return { id, way, plan: random.pick(taskPlans(random)) };
		});
		return { type: 'orders' as const, orders: list };
	});
}
