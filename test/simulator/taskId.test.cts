import { momentOfTaskId, startSimulator } from '../../simulator/index.cts';
import { TaskIds } from '../../simulator/taskId.cts';
import { createdId } from './support/http.cts';

describe('task ids', () => {
	it('carry the moment, sort by it, and follow one another within a millisecond', () => {
		const ids = new TaskIds();
		const made = [1_782_526_400_000, 1_782_526_400_000, 1_782_526_400_001].map((moment) =>
			ids.next(moment),
		);
		expect(made.map(momentOfTaskId)).toEqual([
			1_782_526_400_000, 1_782_526_400_000, 1_782_526_400_001,
		]);
		expect([...made].sort()).toEqual(made);
		expect(new Set(made).size).toBe(3);
	});

	it('decode as HiAPI’s do: an id of its own run is of its day', () => {
		const moment = new Date(momentOfTaskId('tk-hiapi-01KW3D00000000000000000000'));
		expect(moment.toISOString().slice(0, 10)).toBe('2026-06-27');
	});

	it('follow the simulated clock', async () => {
		const simulator = await startSimulator();
		simulator.advance(10 * 86_400);
		const moment = momentOfTaskId(await createdId(simulator));
		expect(Math.abs(moment / 1000 - simulator.now)).toBeLessThan(60);
		await simulator.close();
	});
});
