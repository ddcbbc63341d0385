import { dirname } from 'node:path';

interface Log {
	warn(message: string): void;
}

// The ones n8n-core itself uses: it brings its own copies of these packages.
const ofCore = <T,>(name: string) =>
	require(require.resolve(name, { paths: [dirname(require.resolve('n8n-core'))] })) as T;
const { Logger } = ofCore<{ Logger: unknown }>('@n8n/backend-common');
const { Container } = ofCore<{ Container: { get(type: unknown): Log } }>('@n8n/di');

/** Every warning the nodes of this test file write to n8n's log from this call on. */
export function nodeWarnings(): string[] {
	const lines: string[] = [];
	jest
		.spyOn(Container.get(Logger), 'warn')
		.mockImplementation((message) => void lines.push(message));
	return lines;
}
