import { Lab } from './support/lab.cts';
import { startQueueProcess, type QueueProcess } from './support/queueProcess.cts';
import {
	findQueuePrograms,
	startQueueServices,
	type QueueServices,
} from './support/queueServices.cts';
import {
	arrivals,
	callback,
	listen,
	post,
	restart,
	signature,
	taskIdOf,
	untilArrived,
	type Listener,
} from './support/triggerLab.cts';

const found = findQueuePrograms();

if ('missing' in found) {
	test.skip(`queue mode: ${found.missing}`, () => undefined);
} else {
	describe('queue mode: main, webhook processor and worker on Redis and PostgreSQL', () => {
		const lab = new Lab();
		let services: QueueServices;
		let worker: QueueProcess;
		let processor: QueueProcess;

		beforeAll(async () => {
			services = await startQueueServices(found.programs);
			await lab.open({ env: services.env });
			[worker, processor] = await Promise.all([
				startQueueProcess('worker', lab.server.userFolder, services.env),
				startQueueProcess('webhook', lab.server.userFolder, services.env),
			]);
		}, 20 * 60_000);
		beforeEach(() => lab.simulator.reset());
		afterAll(async () => {
			await worker?.kill();
			await processor?.kill();
			await lab.close();
			await services?.stop();
		}, 60_000);

		const onMain = (listener: Listener) => listener.url;
		const onProcessor = (listener: Listener) =>
			listener.url.replace(lab.server.address, processor.address);
		const send = async (url: string, body: string) => await post(url, body, signature(lab, body));

		lab.test(
			'a callback to main and one to the processor each run once, in the worker',
			async () => {
				const listener = await listen(lab, { options: { reRead: true } });
				const bodies = [callback(), callback()];
				expect((await send(onMain(listener), bodies[0])).status).toBe(200);
				expect((await send(onProcessor(listener), bodies[1])).status).toBe(200);
				const { taskIds, executions } = await untilArrived(lab, listener, 2);
				expect(new Set(taskIds)).toEqual(new Set(bodies.map(taskIdOf)));
				for (const { id } of executions)
					expect(worker.readLog()).toMatch(new RegExp(`execution ${id}\\b`));
				// Only execute() re-reads, and says so in the log of its process: these tasks nobody bought.
				expect(worker.readLog()).toContain(`${taskIds[0]} could not be re-read`);
			},
		);

		lab.test('forgeries are refused by both and leave no execution', async () => {
			const listener = await listen(lab);
			for (const url of [onMain(listener), onProcessor(listener)]) {
				const body = callback();
				expect((await post(url, body, signature(lab, body, 'somebody else’s secret'))).status).toBe(
					401,
				);
				expect((await post(url, body, { 'content-type': 'application/json' })).status).toBe(401);
			}
			expect((await arrivals(lab, listener)).executions).toEqual([]);
		});

		lab.test('twenty copies at once to one process are one execution', async () => {
			for (const place of [onMain, onProcessor]) {
				const listener = await listen(lab);
				const body = callback();
				const answers = await Promise.all(
					Array.from({ length: 20 }, async () => await send(place(listener), body)),
				);
				expect(answers.every(({ status }) => status === 200)).toBe(true);
				expect((await untilArrived(lab, listener, 1)).executions).toHaveLength(1);
			}
		});

		lab.test(
			'copies that go to main and to the processor one after another: the next node runs once',
			async () => {
				const listener = await listen(lab);
				const body = callback();
				for (const place of [onMain, onProcessor, onMain, onProcessor]) {
					expect((await send(place(listener), body)).status).toBe(200);
					await untilArrived(lab, listener, 1);
				}
			},
		);

		lab.test(
			'copies to both at the same moment, with one worker: the next node runs once',
			async () => {
				const listener = await listen(lab);
				const body = callback();
				await Promise.all(
					Array.from(
						{ length: 20 },
						async (_, copy) => await send((copy % 2 === 0 ? onMain : onProcessor)(listener), body),
					),
				);
				const { executions } = await untilArrived(lab, listener, 1);
				expect(executions.length).toBeLessThanOrEqual(2);
			},
		);

		lab.test(
			'fifty different tasks at once are all remembered over a restart of everything',
			async () => {
				const listener = await listen(lab);
				const bodies = Array.from({ length: 50 }, () => callback());
				for (let first = 0; first < bodies.length; first += 10) {
					await Promise.all(
						bodies
							.slice(first, first + 10)
							.map(
								async (body, index) =>
									await send((index % 2 === 0 ? onMain : onProcessor)(listener), body),
							),
					);
				}
				await untilArrived(lab, listener, 50);
				await Promise.all([worker.kill(), processor.kill(), lab.server.kill()]);
				await restart(lab, services.env);
				[worker, processor] = await Promise.all([
					startQueueProcess('worker', lab.server.userFolder, services.env),
					startQueueProcess('webhook', lab.server.userFolder, services.env),
				]);
				for (const body of bodies.slice(0, 10))
					expect((await send(onMain(listener), body)).status).toBe(200);
				const fresh = callback();
				await send(onProcessor(listener), fresh);
				const { taskIds } = await untilArrived(lab, listener, 51);
				expect(taskIds.at(-1)).toBe(taskIdOf(fresh));
			},
			240_000,
		);
	});
}
