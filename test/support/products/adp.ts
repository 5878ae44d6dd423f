/** ADP Workforce Now: a client certificate beside the token. */
import { row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { makeCertificates, type Certificates } from '../certificates';
import { WRONG, type Contract } from './contract';
import { numberIn, serveProduct, staff } from './server';

const TOKEN = 'adp-t0ken';
const bearer = (token: string) => () => ({ hcmApi: { authenticateWith: 'bearer', token } }) as const;

let made: Certificates | undefined;
const certificates = () => (made ??= makeCertificates());

/** A client certificate is asked for, and an empty list is HTTP 204. */
export const ADP: Contract = {
	product: 'ADP Workforce Now',
	serve: (people) =>
		serveProduct(
			({ query, headers }) => {
				if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401 };
				const [skip, top] = [numberIn(query, '$skip', 0), Math.min(numberIn(query, '$top', 50), 100)];
				const workers = staff(people)
					.slice(skip, skip + top)
					.map(({ id }) => ({ associateOID: id }));
				return workers.length === 0 ? { status: 204 } : { json: { workers } };
			},
			{ ...certificates().server, ca: certificates().authority, requestCert: true, rejectUnauthorized: true },
		),
	endpoints: [
		row({
			url: 'https://api.adp.com/hr/v2/workers',
			recordsPath: 'workers',
			primaryKey: 'associateOID',
			paging: 'offset',
			limitParameter: '$top',
			offsetParameter: '$skip',
		}),
	],
	credential: bearer(TOKEN),
	wrong: bearer(WRONG),
	transport: () => ({
		clientCertificate: {
			certificate: certificates().client.cert,
			key: certificates().client.key,
			authorities: certificates().authority,
		},
	}),
	calls: 3,
	evidence: 'weak',
	total: null,
	sizes: [0, 1, 99, 100],
};
