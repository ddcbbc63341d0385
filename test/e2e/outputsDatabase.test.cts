import { itemsOf } from '../../scripts/n8n/runData.cts';
import { Lab, useLab } from './support/lab.cts';
import { startQueueProcess, type QueueProcess } from './support/queueProcess.cts';
import {
	findQueuePrograms,
	startQueueServices,
	type QueueServices,
} from './support/queueServices.cts';
import { HIAPI, hiApiNode, runAndWait, workflowOf } from './support/workflows.cts';

// MiB: n8n keeps larger files out of its database.
const LIMIT = { N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1' };

function keepsFilesInTheDatabase(lab: Lab): void {
	const run = async () => {
		const execution = await lab.run(
			workflowOf(
				hiApiNode(lab.credential, runAndWait('a kite'), {
					retryOnFail: true,
					maxTries: 2,
					waitBetweenTries: 0,
				}),
			),
		);
		return { execution, item: itemsOf(execution.data, HIAPI)[0] };
	};

	lab.testWhere(
		'filesInDatabase',
		'a picture is kept in the database, with its type and all its bytes',
		async () => {
			const { item } = await run();
			expect(item.binary?.data).toMatchObject({
				mimeType: 'image/png',
				id: expect.stringMatching(/^database:/) as string,
			});
			const original = Buffer.from(await (await fetch(item.json.url as string)).arrayBuffer());
			expect((await lab.n8n.binaryContent(item.binary!.data)).equals(original)).toBe(true);
		},
	);

	lab.testWhere(
		'settableFileLimit',
		"a file beyond the database's limit does not cost the task, and the limit is explained",
		async () => {
			lab.simulator.switches.file = { sizeBytes: 3_000_000 };
			const { execution, item } = await run();
			expect(execution.status).toBe('success');
			expect(item.binary).toBeUndefined();
			expect(item.json.downloadFailures).toEqual([
				{
					url: item.json.url,
					type: 'image',
					message: expect.stringMatching(/^n8n could not keep the file: .*\b1\b/) as string,
					description: expect.stringMatching(
						/N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE.*N8N_DEFAULT_BINARY_DATA_MODE/,
					) as string,
				},
			]);
			expect(
				lab.simulator.requests.filter(({ pathname }) => pathname.startsWith('/files/')),
			).toHaveLength(1);
			expect(lab.simulator.purchases).toBe(1);
		},
	);
}

describe('an n8n that keeps files in its database', () => {
	keepsFilesInTheDatabase(useLab({ env: { ...LIMIT, N8N_DEFAULT_BINARY_DATA_MODE: 'database' } }));
});

const found = findQueuePrograms();

if ('missing' in found) {
	test.skip(`queue mode: ${found.missing}`, () => undefined);
} else {
	describe('queue mode, where that is the standard and a worker downloads', () => {
		const lab = new Lab();
		let services: QueueServices;
		let worker: QueueProcess;

		beforeAll(async () => {
			services = await startQueueServices(found.programs);
			const env = { ...services.env, ...LIMIT, OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' };
			await lab.open({ env });
			worker = await startQueueProcess('worker', lab.server.userFolder, env);
		}, 20 * 60_000);
		beforeEach(() => lab.simulator.reset());
		afterAll(async () => {
			await worker?.kill();
			await lab.close();
			await services?.stop();
		}, 60_000);

		keepsFilesInTheDatabase(lab);

		lab.test('the worker is the process that runs the node', async () => {
			const { id } = await lab.run(workflowOf(hiApiNode(lab.credential, runAndWait('a kite'))));
			expect(worker.readLog()).toMatch(new RegExp(`execution ${id}\\b`));
		});
	});
}
