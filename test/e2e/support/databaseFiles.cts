import { itemsOf } from '../../../scripts/n8n/runData.cts';
import type { Lab } from './lab.cts';
import { HIAPI, hiApiNode, runAndWait, workflowOf } from './workflows.cts';

/** MiB: n8n keeps larger files out of its database. */
export const FILE_LIMIT = { N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1' };

/** Tests for an n8n that keeps files in its database, with FILE_LIMIT. */
export function keepsFilesInTheDatabase(lab: Lab): void {
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
