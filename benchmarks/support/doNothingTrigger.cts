import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The least a community trigger can do: whatever comes starts the workflow. No secret, no check, no memory. */
const NODE = `class DoNothingTrigger {
	description = {
		displayName: 'Do Nothing Trigger',
		name: 'doNothingTrigger',
		group: ['trigger'],
		version: [1, 2],
		description: 'Starts the workflow with whatever comes',
		defaults: { name: 'Do Nothing Trigger' },
		inputs: [],
		outputs: ['main'],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties: [],
	};
	async webhook() {
		return { workflowData: [this.helpers.returnJsonArray(this.getBodyData())] };
	}
}
module.exports = { DoNothingTrigger };
`;

/** The type under which workflows name it. */
export const DO_NOTHING_TYPE = 'n8n-nodes-donothing.doNothingTrigger';

/** Writes a community package with one do-nothing trigger into a folder, ready to be packed. */
export function writeDoNothingPackage(folder: string): void {
	mkdirSync(join(folder, 'dist'), { recursive: true });
	writeFileSync(join(folder, 'dist', 'DoNothingTrigger.node.js'), NODE);
	const manifest = {
		name: 'n8n-nodes-donothing',
		version: '1.0.0',
		author: { name: 'Benchmark', email: 'benchmark@example.com' },
		keywords: ['n8n-community-node-package'],
		files: ['dist'],
		n8n: { n8nNodesApiVersion: 1, nodes: ['dist/DoNothingTrigger.node.js'], credentials: [] },
	};
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}
