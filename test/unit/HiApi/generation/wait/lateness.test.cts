import {
	durations,
	evenDurations,
	type Spread,
} from '../../../../../benchmarks/batch/workload.cts';
import { DurationMemory } from '../../../../../nodes/HiApi/generation/wait/durations';
import { TaskPoller } from '../../../../../nodes/HiApi/generation/wait/taskPoller';
import { FakeTaskApi } from '../../../../support/fakeTaskApi.cts';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';

interface Figures {
	/** Seconds from a task's end until it is seen, in rising order. */
	late: number[];
	/** Requests for the status of tasks. */
	requests: number;
	/** The most of them within a minute. */
	perMinute: number;
	/** Seconds from the first creation to the last result. */
	wall: number;
	lateToDuration: number;
}

const SUBMISSIONS_PER_SECOND = 50;

/** The real poller with a clock that jumps: tasks of these durations (seconds), submitted as fast as a run may. */
async function waitFor(seconds: number[], memory?: DurationMemory): Promise<Figures> {
	const timing = new VirtualTiming();
	const api = new FakeTaskApi(timing);
	const started = timing.now();
	const set = new TaskPoller(api.tools({ expected: (model) => memory?.expected(model) }));
	const late = await Promise.all(
		seconds.map(async (duration, index) => {
			await timing.pause((index * 1000) / SUBMISSIONS_PER_SECOND);
			const [task] = api.add(1, () => duration * 1000);
			await set.wait(task);
			memory?.remember('m', Math.round(duration), task.createdMs);
			return (timing.now() - task.createdMs) / 1000 - duration;
		}),
	);
	const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
	return {
		late: late.sort((a, b) => a - b),
		requests: api.sentMs.length,
		perMinute: api.mostPerMinute,
		wall: (timing.now() - started) / 1000,
		lateToDuration: sum(late) / sum(seconds),
	};
}

/** Each alone, one after the other. */
async function waitForEach(seconds: number[], memory?: DurationMemory): Promise<Figures> {
	const all: Figures[] = [];
	for (const duration of seconds) all.push(await waitFor([duration], memory));
	const late = all.flatMap((figures) => figures.late).sort((a, b) => a - b);
	const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
	return {
		late,
		requests: sum(all.map(({ requests }) => requests)),
		perMinute: Math.max(...all.map(({ perMinute }) => perMinute)),
		wall: sum(all.map(({ wall }) => wall)),
		lateToDuration: sum(late) / sum(seconds),
	};
}

const quantile = ({ late }: Figures, share: number) => late[Math.ceil(late.length * share) - 1];

test('single tasks of 5–300 s are seen late by 4 % of their duration, 3 s at the middle, 8 s at the most', async () => {
	const figures = await waitForEach(evenDurations(1000, 5, 300));
	expect(figures.lateToDuration).toBeLessThanOrEqual(0.04);
	expect(quantile(figures, 0.5)).toBeLessThanOrEqual(3);
	expect(quantile(figures, 0.99)).toBeLessThanOrEqual(8);
	expect((await waitFor([300])).requests).toBeLessThanOrEqual(45);
});

// HiAPI's own records: 18 images of one model, and clips of 8 s.
test.each<[string, [number, number]]>([
	['images', [43, 73]],
	['clips', [195, 281]],
])(
	'%s of a model seen before take half the requests, and are at most 5 s late',
	async (_, range) => {
		const memory = new DurationMemory('https://only-here.example', new Map());
		for (const duration of durations(16, 'uniform', range)) memory.remember('m', duration);
		const seconds = durations(200, 'uniform', range).slice(16);
		const [known, unknown] = [await waitForEach(seconds, memory), await waitForEach(seconds)];
		expect(known.requests / unknown.requests).toBeLessThanOrEqual(0.5);
		expect(quantile(known, 0.99)).toBeLessThanOrEqual(5);
	},
);

test.each<[number, Spread, { perTask: number; perMinute: number; toSlowest: number }]>([
	[10, 'log-uniform', { perTask: 9, perMinute: 25, toSlowest: 1.05 }],
	[10, 'uniform', { perTask: 9, perMinute: 25, toSlowest: 1.05 }],
	[100, 'log-uniform', { perTask: 1, perMinute: 25, toSlowest: 1.05 }],
	[100, 'uniform', { perTask: 1, perMinute: 25, toSlowest: 1.05 }],
	[1000, 'log-uniform', { perTask: 0.7, perMinute: 135, toSlowest: 1.1 }],
	[1000, 'uniform', { perTask: 0.7, perMinute: 135, toSlowest: 1.1 }],
])(
	'of %d tasks together (%s) 99 of 100 are seen at most 6 s late: %j',
	async (count, spread, most) => {
		const seconds = durations(count, spread);
		const figures = await waitFor(seconds);
		expect(quantile(figures, 0.99)).toBeLessThanOrEqual(6);
		expect(figures.requests / count).toBeLessThanOrEqual(most.perTask);
		expect(figures.perMinute).toBeLessThanOrEqual(most.perMinute);
		expect(figures.wall / Math.max(...seconds)).toBeLessThanOrEqual(most.toSlowest);
	},
);
