import { itemsOf } from '../../../scripts/n8n/runData.cts';
import type { Lab } from './lab.cts';
import { HIAPI, hiApiNode, runAndWait, workflowOf } from './workflows.cts';

/** MiB: n8n keeps larger files out of its database. */
export const FILE_LIMIT = { N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1' };

const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };

async function runOnce(lab: Lab) {
	const node = hiApiNode(lab.credential, runAndWait('a kite'), RETRY);
	const execution = await lab.run(workflowOf(node));
	return { execution, item: itemsOf(execution.data, HIAPI)[0] };
}

/** A picture lies in n8n's database with its type and all its bytes; returns the id of the execution that put it there. */
export async function expectPictureInDatabase(lab: Lab): Promise<string> {
	const { execution, item } = await runOnce(lab);
	expect(item.binary?.data).toMatchObject({
		mimeType: 'image/png',
		id: expect.stringMatching(/^database:/) as string,
	});
	const original = Buffer.from(await (await fetch(item.json.url as string)).arrayBuffer());
	expect((await lab.n8n.binaryContent(item.binary!.data)).equals(original)).toBe(true);
	return execution.id;
}

/** With FILE_LIMIT, a larger file is not kept; its task is, and the message names the setting. */
export async function expectLimitExplained(lab: Lab): Promise<void> {
	lab.simulator.switches.file = { sizeBytes: 3_000_000 };
	const { execution, item } = await runOnce(lab);
	expect(execution.status).toBe('success');
	expect(item.binary).toBeUndefined();
	expect(item.json.downloadFailures).toEqual([
		{
			url: item.json.url,
			type: 'image',
			retryable: false,
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
}
