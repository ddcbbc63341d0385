import { dirname } from 'node:path';

interface Log {
	debug(message: string): void;
	info(message: string): void;
	warn(message: string): void;
}

// The ones n8n-core itself uses: it brings its own copies of these packages.
const ofCore = <T,>(name: string) =>
	require(require.resolve(name, { paths: [dirname(require.resolve('n8n-core'))] })) as T;
const { Logger } = ofCore<{ Logger: unknown }>('@n8n/backend-common');
const { Container } = ofCore<{ Container: { get(type: unknown): Log } }>('@n8n/di');

/** Every warning the nodes of this test file write to n8n's log from this call on. */
export const nodeWarnings = (): string[] => linesOf('warn');

/** Whatever else they write there. */
export const nodeNotes = (): string[] => linesOf('info', 'debug');

function linesOf(...levels: Array<keyof Log>): string[] {
	const lines: string[] = [];
	for (const level of levels)
		jest
			.spyOn(Container.get(Logger), level)
			.mockImplementation((message) => void lines.push(message));
	return lines;
}
