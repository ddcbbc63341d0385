import { makeSchedule, PROCESSES, WAYS, type ChaosEvent } from '../../chaos/schedule.cts';

const SEEDS = Array.from({ length: 15 }, (_, index) => index * 7919);

const of = <T extends ChaosEvent['type']>(schedule: ChaosEvent[], type: T) =>
	schedule.filter((event): event is Extract<ChaosEvent, { type: T }> => event.type === type);

test('a seed repeats everything, another one does not', () => {
	for (const seed of SEEDS) expect(makeSchedule(seed, 3)).toEqual(makeSchedule(seed, 3));
	expect(new Set(SEEDS.map((seed) => JSON.stringify(makeSchedule(seed, 3)))).size).toBe(
		SEEDS.length,
	);
});

test.each([1, 3, 10])(
	'in %s minutes everything happens in order and within the time',
	(minutes) => {
		for (const seed of SEEDS) {
			const moments = makeSchedule(seed, minutes).map(({ at }) => at);
			expect(moments).toEqual([...moments].sort((a, b) => a - b));
			expect(moments[0]).toBeGreaterThanOrEqual(3);
			expect(moments.at(-1)).toBeLessThan(minutes * 60);
		}
	},
);

test('three minutes kill every process, order in every way, and meet every kind of trouble', () => {
	for (const seed of SEEDS) {
		const schedule = makeSchedule(seed, 3);
		const killed = new Set(of(schedule, 'kill').flatMap(({ processes }) => processes));
		// PostgreSQL is spared while the disk is full
		expect([...killed, 'postgres']).toEqual(expect.arrayContaining([...PROCESSES]));
		const ways = new Set(
			of(schedule, 'orders').flatMap(({ orders }) => orders.map(({ way }) => way)),
		);
		expect([...ways].sort()).toEqual([...WAYS].sort());
		for (const type of ['hiApiFault', 'hiApiSwitches', 'diskFull', 'clockJump'] as const)
			expect(of(schedule, type).length).toBeGreaterThan(0);
	}
});

test('PostgreSQL is killed, but not while the disk is full', () => {
	const schedules = SEEDS.map((seed) => makeSchedule(seed, 10));
	for (const schedule of schedules) {
		const kills = of(schedule, 'kill').filter(({ processes }) => processes.includes('postgres'));
		for (const { at } of kills)
			for (const full of of(schedule, 'diskFull'))
				expect(at < full.at - 10 || at > full.at + full.seconds).toBe(true);
		expect(kills.length).toBeGreaterThan(0);
	}
});

test('the clock of main is not set far off, all others are', () => {
	const jumps = SEEDS.flatMap((seed) => of(makeSchedule(seed, 10), 'clockJump'));
	const far = jumps.filter(({ jumpSeconds }) => Math.abs(jumpSeconds) > 30);
	expect(new Set(far.flatMap(({ processes }) => processes))).toEqual(
		new Set(['worker1', 'worker2', 'processor']),
	);
	expect(jumps.some(({ processes }) => processes.includes('main'))).toBe(true);
});

test('no order is named within another', () => {
	const orders = of(makeSchedule(1, 60), 'orders').flatMap((event) => event.orders);
	const ids = orders.map(({ id }) => id);
	expect(ids.length).toBeGreaterThan(1000);
	expect(new Set(ids).size).toBe(ids.length);
	expect(new Set(ids.map((id) => id.length)).size).toBe(1);
});

test('ten minutes bring every kind of fault the simulator knows', () => {
	const rules = SEEDS.flatMap((seed) => of(makeSchedule(seed, 10), 'hiApiFault')).flatMap(
		(event) => event.rules,
	);
	expect([...new Set(rules.map(({ action }) => action.type))].sort()).toEqual([
		'cutConnection',
		'delay',
		'drop',
		'errorInSuccess',
		'malformedJson',
		'noAnswer',
		'reply',
		'status',
		'truncatedJson',
	]);
	// the schedule is sent over HTTP
	expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
});
