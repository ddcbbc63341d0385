import fc from 'fast-check';

import { validateInput } from '../../../../nodes/HiApi/models/validateInput';
import { inputProblems } from '../../../../simulator/schemaWording.cts';
import { inputs, inputSchemas } from './arbitrarySchema.cts';

describe('the check before sending', () => {
	it('says exactly what the API would have said, for any schema of the kinds HiAPI publishes', () => {
		fc.assert(
			fc.property(inputSchemas, inputs, (schema, input) => {
				// the API's own order is not stable
				expect(validateInput(schema, input).sort()).toEqual(inputProblems(schema, input).sort());
			}),
			{ numRuns: 300 },
		);
	});
});
