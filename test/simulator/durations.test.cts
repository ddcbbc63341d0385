import { realisticSeconds } from '../../simulator/durations.cts';
import { startSimulator } from '../../simulator/index.cts';
import type { TaskOrder } from '../../simulator/tasks.cts';
import { createdId } from './support/http.cts';

it.each([
	['gpt-image-2.5-sunburst/text-to-image', 'image', {}, 43, 73],
	['minimax-music-2.6', 'audio', {}, 70, 153],
	['qwen-audio-3.0-tts-plus', 'audio', {}, 10, 20],
	['seedance-2.0', 'video', { duration: 8 }, 195, 281],
	['seedance-2.0', 'video', { duration: 12 }, 250, 372],
	['happyhorse-1.1/image-to-video', 'video', {}, 60, 120],
] as const)('%s (%s, %j) takes %i to %i s', (model, category, input, from, to) => {
	const order = { model, category, input } as unknown as TaskOrder;
	expect([0, 1].map((share) => realisticSeconds(order, share))).toEqual([from, to]);
});

it('counts when the switch says so, and a plan counts more', async () => {
	const simulator = await startSimulator({ switches: { taskDurations: 'realistic' } });
	await createdId(simulator);
	simulator.plan({ seconds: 1 });
	await createdId(simulator);
	const seconds = simulator.tasks.map(({ createdAt, endsAt }) => (endsAt - createdAt) / 1000);
	expect(seconds[0]).toBeGreaterThanOrEqual(43);
	expect(seconds[1]).toBe(1);
	await simulator.close();
});
