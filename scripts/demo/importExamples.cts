import type { N8nClient, Workflow } from '../n8n/client.cts';
import { withCurrentFields } from './currentFields.cts';
import { type Example, withCredentials } from './examples.cts';
import { fillIn } from './fillIn.cts';
import type { DemoServices } from './services.cts';

/** Those that somebody else calls: HiAPI, an MCP client, Telegram. */
const PUBLISHED = ['task-complete-automation', 'mcp-server', 'telegram-bot'];

/** An example as it is in n8n. */
export type Imported = Omit<Example, 'workflow'> & { workflow: Workflow };

/** What the examples get on their way in. */
export interface Surroundings {
	/** Credentials that n8n has already, by type. */
	credentials: Record<string, { id: string; name: string }>;
	services: DemoServices;
	/** Where files are written to. */
	folder: string;
	/** Whether those that somebody calls are published. */
	publish: boolean;
}

/** Imports the examples, with everything filled in that they need to run. n8n then lists them in the order given. */
export async function importExamples(
	n8n: N8nClient,
	examples: Example[],
	{ credentials, services, folder, publish }: Surroundings,
): Promise<Imported[]> {
	const all = { ...credentials };
	for (const [type, { name, data }] of Object.entries(services.credentials))
		all[type] = await n8n.createCredential(type, data, name);
	const fillIns = { address: n8n.address, folder, telegramUserId: services.telegramUserId };
	const imported: Imported[] = [];
	// the newest comes first in n8n's list
	for (const example of [...examples].reverse()) {
		const complete = fillIn(withCredentials(example.workflow, all), fillIns);
		const nodes = await Promise.all(
			complete.nodes.map(async (node) => await withCurrentFields(n8n, node)),
		);
		const workflow = await n8n.createWorkflow({ ...complete, nodes });
		if (publish && PUBLISHED.includes(example.name)) await n8n.publish(workflow);
		imported.unshift({ ...example, workflow });
	}
	return imported;
}
