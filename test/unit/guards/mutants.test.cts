import { join } from 'node:path';

import { whyOutdated } from '../../../scripts/mutants/misfits.cts';
import { MUTANTS } from '../../mutants/index.cts';

const PROJECT = join(__dirname, '..', '..', '..');

// `npm run test:mutants` breaks these places of the package. Whoever changes one of them gives its mutant the new text.
test('every mutant can still be made', () => {
	const reasons = MUTANTS.map((mutant) => whyOutdated(mutant, PROJECT));
	expect(reasons.filter((reason) => reason !== undefined)).toEqual([]);
});

test('every mutant has a name of its own', () => {
	const names = MUTANTS.map(({ name, file }) => `${name} (${file})`);
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
