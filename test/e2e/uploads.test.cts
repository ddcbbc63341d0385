import type { AddressInfo } from 'node:net';

import { fastify, type FastifyInstance } from 'fastify';

import type { WorkflowNode } from '../../scripts/n8n/client.cts';
import { useLab } from './support/lab.cts';
import { hiApiNode, NEXT, node, runAndWait, workflowOf } from './support/workflows.cts';

const lab = useLab();

/** An object as it was put into a bucket. */
interface Upload {
	key: string;
	type: unknown;
	bytes: Buffer;
}

const BUCKET = 'clips';
let store: FastifyInstance;
let uploads: Upload[];
let s3: { id: string; name: string };

beforeAll(async () => {
	store = fastify();
	store.removeAllContentTypeParsers();
	store.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
		done(null, body),
	);
	store.get(`/${BUCKET}`, async (_request, reply) => {
		await reply.type('application/xml').send('<LocationConstraint>us-east-1</LocationConstraint>');
	});
	store.put<{ Params: { '*': string } }>(
		`/${BUCKET}/*`,
		async ({ params, headers, body }, reply) => {
			uploads.push({ key: params['*'], type: headers['content-type'], bytes: body as Buffer });
			await reply.type('application/xml').send('');
		},
	);
	await store.listen({ host: '127.0.0.1', port: 0 });
	const { port } = store.server.address() as AddressInfo;
	s3 = await lab.n8n.createCredential('s3', {
		endpoint: `http://127.0.0.1:${port}`,
		region: 'us-east-1',
		accessKeyId: 'key',
		secretAccessKey: 'secret',
		forcePathStyle: true,
		ignoreSSLIssues: false,
	});
});
beforeEach(() => (uploads = []));
afterAll(async () => await store.close());

/** n8n's own upload node, told nothing but where to. */
function upload(): WorkflowNode {
	return node(
		NEXT,
		'n8n-nodes-base.s3',
		{
			resource: 'file',
			operation: 'upload',
			bucketName: BUCKET,
			fileName: '',
			binaryData: true,
			binaryPropertyName: 'data',
			additionalFields: {},
			tagsUi: {},
		},
		{ credentials: { s3 } },
	);
}

// YouTube, Google Drive and S3 read name and type from the file in the item (`fileName`, `mimeType`), as this node does.
lab.test('an upload node needs no name and no type: each file brings its own', async () => {
	const models: Array<[string, Record<string, unknown>, string, string]> = [
		['gpt-image-2/text-to-image', {}, 'png', 'image/png'],
		['happyhorse-1.1/text-to-video', { duration: 3 }, 'mp4', 'video/mp4'],
		['minimax-music-2.6', {}, 'mp3', 'audio/mpeg'],
	];
	const parameters = {
		...runAndWait('a kite'),
		model: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
		input: '={{ $json.input }}',
	};
	const workflow = workflowOf(
		hiApiNode(lab.credential, parameters),
		models.map(([model, input]) => ({ model, input: JSON.stringify(input) })),
	);
	const execution = await lab.run({
		...workflow,
		nodes: workflow.nodes.map((one) => (one.name === NEXT ? upload() : one)),
	});
	expect(execution.status).toBe('success');
	const expected = await Promise.all(
		models.map(async ([model, , extension, type]) => {
			const { taskId } = lab.simulator.tasks.find((task) => task.model === model)!;
			const url = `${lab.simulator.origin}/files/tasks/${taskId}/0.${extension}`;
			return {
				key: `${taskId}_${model.replace('/', '-')}.${extension}`,
				type,
				bytes: Buffer.from(await (await fetch(url)).arrayBuffer()),
			};
		}),
	);
	expect(uploads).toEqual(expected);
});
