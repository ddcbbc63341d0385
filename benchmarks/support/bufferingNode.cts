import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Downloads as many community nodes do: the whole file in memory, then into n8n's storage. */
const NODE = `class BufferingDownload {
	description = {
		displayName: 'Buffering Download',
		name: 'bufferingDownload',
		group: ['transform'],
		version: 1,
		description: 'Downloads a file through memory',
		defaults: { name: 'Buffering Download' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'URL', name: 'url', type: 'string', default: '' }],
	};
	async execute() {
		const bytes = await this.helpers.httpRequest({ url: this.getNodeParameter('url', 0), encoding: 'arraybuffer' });
		const data = await this.helpers.prepareBinaryData(Buffer.from(bytes), 'file.mp4', 'video/mp4');
		return [[{ json: {}, binary: { data }, pairedItem: { item: 0 } }]];
	}
}
module.exports = { BufferingDownload };
`;

/** The type under which workflows name it. */
export const BUFFERING_TYPE = 'n8n-nodes-buffering.bufferingDownload';

/** Writes a community package with one buffering node into a folder, ready to be packed. */
export function writeBufferingPackage(folder: string): void {
	mkdirSync(join(folder, 'dist'), { recursive: true });
	writeFileSync(join(folder, 'dist', 'BufferingDownload.node.js'), NODE);
	const manifest = {
		name: 'n8n-nodes-buffering',
		version: '1.0.0',
		author: { name: 'Benchmark', email: 'benchmark@example.com' },
		keywords: ['n8n-community-node-package'],
		files: ['dist'],
		n8n: { n8nNodesApiVersion: 1, nodes: ['dist/BufferingDownload.node.js'], credentials: [] },
	};
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}
