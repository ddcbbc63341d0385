import { PASSING } from './support/faults.cts';
import { stopSimulators } from './support/hiApi.cts';
import { expectEachOnce, newCell, RETRY } from './support/matrixCell.cts';
import { speedUpNode } from './support/nodeClock.cts';
import { strike } from './support/strike.cts';

// The operations of Image, Video and Audio are Run and Wait underneath; one of them shows that it is so.
jest.setTimeout(240_000);
speedUpNode();
afterAll(stopSimulators);

const parameters = {
	resource: 'image',
	operation: 'generate',
	prompt: '={{ $json.prompt }}',
	downloadOutputs: false,
};

describe('Image → Generate', () => {
	test.concurrent.each(PASSING)('$name', async (fault) => {
		const cell = await newCell();
		strike(cell.simulator, fault, 3);
		expectEachOnce(cell, await cell.run({}, { parameters }));
	});

	test.concurrent.each(PASSING)('with Retry On Fail: $name', async (fault) => {
		const cell = await newCell();
		strike(cell.simulator, fault, 3);
		expectEachOnce(cell, await cell.run(RETRY, { parameters }));
	});
});
