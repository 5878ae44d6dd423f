/** Workday: a report in one reply, the REST API by offset, and the SOAP service by page number. */
import { XMLParser } from 'fast-xml-parser';
import { PRESETS } from '../../../nodes/CustomHcmEndpoint/presets';
import { row } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { WRONG, type Contract } from './contract';
import { basic, numberIn, serveProduct, staff, type Answer, type Product } from './server';

const USER = 'ISU_AD';
/** With characters that mean something in XML. */
const PASSWORD = 'p&ss<w0rd>"x"';
const TOKEN = 'workday-t0ken';

async function report(people: number): Promise<Product> {
	return await serveProduct(({ path, query, headers }) => {
		if (headers.authorization !== basic(USER, PASSWORD))
			return { status: 401, json: { errors: [{ error: 'invalid' }] } };
		if (path !== `/ccx/service/customreport2/example/${USER}/AD_Workers`) return { status: 404 };
		if (query.get('format') !== 'json')
			return { text: '<wd:Report_Data xmlns:wd="urn:com.workday.report/AD_Workers"/>', type: 'text/xml' };
		return {
			json: {
				Report_Entry: staff(people).map(({ id, first, last }) => ({ Employee_ID: id, First: first, Last: last })),
			},
		};
	});
}

const isu = (password: string) => () => ({ hcmApi: { authenticateWith: 'basic', user: USER, password } }) as const;

export const WORKDAY_REPORT: Contract = {
	product: 'Workday report (RaaS)',
	serve: report,
	endpoints: PRESETS.workdayReport.endpoints,
	preset: (base) => ({
		workdayHost: new URL(base).host,
		workdayTenant: 'example',
		workdayOwner: USER,
		workdayReport: 'AD_Workers',
	}),
	credential: isu(PASSWORD),
	wrong: isu(WRONG),
	calls: 1,
	evidence: 'strong',
	total: null,
	sizes: [0, 1],
};

/** @param totals a Workday API was measured that says 0 from the second page on (hcm-apis.md, section 2) */
export async function workdayRest(people: number, totals: 'always' | 'first page only' = 'always'): Promise<Product> {
	const workers = staff(people).map(({ id, first, last }) => ({ id, descriptor: `${first} ${last}` }));
	return await serveProduct(({ path, query, headers }) => {
		if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, json: { error: 'invalid_token' } };
		if (path !== '/ccx/api/staffing/v6/example/workers') return { status: 404 };
		const [limit, offset] = [numberIn(query, 'limit', 20), numberIn(query, 'offset', 0)];
		// Default 20, at most 100 (Workday, Staffing API).
		if (!(limit >= 1 && limit <= 100) || Number.isNaN(offset)) return { status: 400, json: { error: 'invalid limit' } };
		const total = totals === 'always' || offset === 0 ? workers.length : 0;
		return { json: { total, data: workers.slice(offset, offset + limit) } };
	});
}

const bearer = (token: string) => () => ({ hcmApi: { authenticateWith: 'bearer', token } }) as const;

export const WORKDAY_REST: Contract = {
	product: 'Workday REST',
	serve: workdayRest,
	endpoints: [
		row({
			url: '/ccx/api/staffing/v6/example/workers',
			recordsPath: 'data',
			paging: 'offset',
			stops: { totalPath: 'total' },
		}),
	],
	credential: bearer(TOKEN),
	wrong: bearer(WRONG),
	calls: 3,
	evidence: 'strong',
	total: 251,
	sizes: [0, 1, 100, 199],
};

const NAMESPACE = 'urn:com.workday/bsvc';
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

type Request = {
	readonly Header?: {
		readonly Security?: { readonly UsernameToken?: { readonly Username?: string; readonly Password?: string } };
	};
	readonly Body?: {
		readonly Get_Workers_Request?: { readonly Response_Filter?: { readonly Page?: string; readonly Count?: string } };
	};
};

async function soap(people: number): Promise<Product> {
	const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false });
	return await serveProduct(({ method, path, headers, body }) => {
		if (method !== 'POST' || path !== '/ccx/service/example/Human_Resources/v42.0') return { status: 404 };
		if (headers['content-type']?.startsWith('text/xml') !== true) return fault('the content type is not text/xml');
		const { Envelope } = parser.parse(body) as { readonly Envelope?: Request };
		const { Username, Password } = Envelope?.Header?.Security?.UsernameToken ?? {};
		if (Username !== `${USER}@example` || Password !== PASSWORD) return fault('invalid username or password');
		const { Page = '1', Count = '100' } = Envelope?.Body?.Get_Workers_Request?.Response_Filter ?? {};
		return workersOf(people, Number(Page), Number(Count));
	});
}

/** Every fault is a 500 in SOAP 1.1 (section 6.2). */
function fault(words: string): Answer {
	const inside = `<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode><faultstring>${words}</faultstring></SOAP-ENV:Fault>`;
	return { status: 500, text: envelope(inside), type: 'text/xml; charset=utf-8' };
}

const envelope = (inside: string) =>
	`<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>${inside}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;

function workersOf(people: number, page: number, count: number): Answer {
	const pages = Math.max(1, Math.ceil(people / count));
	if (!(page >= 1 && page <= pages)) return fault('the page does not exist');
	const rows = staff(people).slice((page - 1) * count, page * count);
	const workers = rows.map(
		({ id, last }) =>
			`<wd:Worker><wd:Worker_Data><wd:Worker_ID>${id}</wd:Worker_ID><wd:Last_Name>${escaped(last)}</wd:Last_Name></wd:Worker_Data></wd:Worker>`,
	);
	const results = `<wd:Response_Results><wd:Total_Results>${people}</wd:Total_Results><wd:Total_Pages>${pages}</wd:Total_Pages><wd:Page_Results>${rows.length}</wd:Page_Results><wd:Page>${page}</wd:Page></wd:Response_Results>`;
	const text = `<wd:Get_Workers_Response xmlns:wd="${NAMESPACE}">${results}<wd:Response_Data>${workers.join('')}</wd:Response_Data></wd:Get_Workers_Response>`;
	return { text: envelope(text), type: 'text/xml; charset=utf-8' };
}

const ANSWER = 'Envelope.Body.Get_Workers_Response';
const wsSecurity = (password: string) => () =>
	({ hcmApi: { authenticateWith: 'none', user: `${USER}@example`, password } }) as const;

export const WORKDAY_SOAP: Contract = {
	product: 'Workday SOAP Get_Workers',
	serve: soap,
	endpoints: [
		row({
			method: 'POST',
			url: '/ccx/service/example/Human_Resources/v42.0',
			bodyType: 'xml',
			textBody: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:bsvc="${NAMESPACE}">
	<soapenv:Header>
		<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
			<wsse:UsernameToken>
				<wsse:Username>{credential.user}</wsse:Username>
				<wsse:Password>{credential.password}</wsse:Password>
			</wsse:UsernameToken>
		</wsse:Security>
	</soapenv:Header>
	<soapenv:Body>
		<bsvc:Get_Workers_Request>
			<bsvc:Response_Filter><bsvc:Page>{paging.page}</bsvc:Page><bsvc:Count>{paging.limit}</bsvc:Count></bsvc:Response_Filter>
		</bsvc:Get_Workers_Request>
	</soapenv:Body>
</soapenv:Envelope>`,
			recordsPath: `${ANSWER}.Response_Data.Worker`,
			primaryKey: 'Worker_Data.Worker_ID',
			paging: 'page',
			limitParameter: '',
			pageParameter: '',
			stops: {
				totalPath: `${ANSWER}.Response_Results.Total_Results`,
				pagesPath: `${ANSWER}.Response_Results.Total_Pages`,
			},
		}),
	],
	credential: wsSecurity(PASSWORD),
	wrong: wsSecurity(WRONG),
	calls: 3,
	evidence: 'weak',
	total: 251,
	// One worker is an object in XML and no list.
	sizes: [1, 100, 101, 200],
};
