/** The first API's two operations as an OpenAPI document: what its SDK was generated from. */
const iccid = {
  name: 'iccid',
  in: 'path',
  required: true,
  description: 'The ICCID of the eSIM (19-20 digits)',
  schema: { type: 'string', pattern: '^\\d{19,20}$' },
};
const security = [{ ApiUserId: [], ApiKeyAuth: [] }];
const error = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});
const [text, number, boolean] = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }];

const reuseTypes = ['NEVER', 'SAME_EID_MID', 'SAME_EID', 'SAME_MID', 'NEW_EID', 'NEW_EID_MID'];
const states = [
  ...['AVAILABLE', 'ALLOCATED', 'LINKED', 'CONFIRMED', 'RELEASED', 'DOWNLOADED'],
  ...['INSTALLED', 'ENABLED', 'DISABLED', 'DELETED', 'ERROR', 'UNAVAILABLE'],
];

export const seedDocument = {
  openapi: '3.0.3',
  info: { title: 'eSIM RSP API', version: '1.0.0' },
  servers: [{ url: 'https://rsp.example.com/api/v1/esim' }],
  paths: {
    '/euicc-profiles/{iccid}': {
      get: {
        operationId: 'getEUICCProfile',
        tags: ['ESIMRSP'],
        security,
        parameters: [iccid],
        responses: {
          200: {
            description: 'Success',
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/GetEUICCProfileResponse' } },
            },
          },
          400: error('Bad Request - Invalid ICCID format'),
          401: error('Unauthorized - Invalid or missing API key'),
          404: error('Not Found - eUICC not found'),
          500: error('Internal Server Error'),
        },
      },
    },
    '/euicc-profiles/{iccid}/qrcode': {
      get: {
        operationId: 'getQRCode',
        tags: ['ESIMRSP'],
        security,
        parameters: [iccid],
        responses: {
          200: {
            description: 'QR code generated successfully',
            content: { 'image/png': { schema: { type: 'string', format: 'binary' } } },
          },
          400: error('Bad Request - Invalid ICCID format'),
          401: error('Unauthorized - Invalid or missing API key'),
          404: error('Not Found - eSIM not found'),
        },
      },
    },
  },
  components: {
    securitySchemes: {
      ApiUserId: { type: 'apiKey', in: 'header', name: 'x-user-id' },
      ApiKeyAuth: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    },
    schemas: {
      Error: {
        type: 'object',
        required: ['message', 'statusCode'],
        properties: { message: text, statusCode: number },
      },
      ProfileReusePolicy: {
        type: 'object',
        properties: {
          reuse_type: { type: 'string', enum: reuseTypes },
          max_count: number,
          maxReuseCount: number,
          cooldownPeriod: number,
        },
      },
      GetEUICCProfileResponse: {
        type: 'object',
        required: ['iccid', 'imsi', 'state', 'last_operation_date', 'activation_code'],
        properties: {
          iccid: text,
          imsi: text,
          state: { type: 'string', enum: states },
          last_operation_date: number,
          activation_code: text,
          reuse_remaining_count: number,
          reuse_enabled: boolean,
          profile_reuse_policy: { $ref: '#/components/schemas/ProfileReusePolicy' },
          release_date: number,
          cc_required: boolean,
          cc_retries: number,
        },
      },
    },
  },
};
