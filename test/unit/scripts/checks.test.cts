import { tarballProblems } from '../../../scripts/checks/tarballFiles.cts';

describe('tarballProblems', () => {
	const entries = {
		nodes: ['dist/nodes/HiApi/HiApi.node.js'],
		credentials: ['dist/credentials/HiApiApi.credentials.js'],
	};
	const good = [
		'package.json',
		'README.md',
		'LICENSE.md',
		'dist/nodes/HiApi/HiApi.node.js',
		'dist/nodes/HiApi/HiApi.node.json',
		'dist/nodes/HiApi/HiApi.node.d.ts',
		'dist/nodes/HiApi/hiapi.svg',
		'dist/nodes/HiApi/models/snapshot.json',
		'dist/credentials/HiApiApi.credentials.js',
	];

	test('accepts what the build makes and the usual texts', () => {
		expect(tarballProblems(good, entries)).toEqual([]);
		expect(tarballProblems([...good, 'CHANGELOG.md'], entries)).toEqual([]);
	});

	test.each([
		'.npmrc',
		'dist/.env',
		'dist/test/unit/task.test.js',
		'dist/nodes/HiApi/HiApi.node.js.map',
		'dist/nodes/shared/task.test.js',
		'dist/nodes/coverage/x.js',
		'dist/tsconfig.tsbuildinfo',
		'nodes/HiApi/HiApi.node.ts',
		'simulator/index.cts',
		'demo-output/run-and-wait-image.png',
	])('objects to %s', (file) => {
		expect(tarballProblems([...good, file], entries)).toEqual([expect.stringContaining(file)]);
	});

	test.each(good.filter((file) => !/d\.ts|svg|snapshot/.test(file)))(
		'objects when %s is missing',
		(file) => {
			expect(
				tarballProblems(
					good.filter((one) => one !== file),
					entries,
				),
			).toEqual([expect.stringContaining(file)]);
		},
	);
});
