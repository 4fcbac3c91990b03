import type {
  CreateEUICCProfileRequest,
  CreateProfileTemplateRequest,
  GenerateEUICCProfilesRequest,
  GenerateEUICCProfilesResponse,
  GetEUICCProfileResponse,
  ImportReport,
  ListEUICCProfilesResponse,
  OrderEUICCProfileOfTypeResponse,
  OrderEUICCProfileRequest,
  ProfileTemplate,
  StatusResponse,
} from '@esim-rsp/sdk';
import { timeOfSeconds } from '../../shapes/time.ts';

/** What the documentation shows of the larger shapes: one profile's story, from the stock to its QR code. */

const ICCID = '8900101000000000017';
const CODE = 'LPA:1$rsp.example.com$QW3R-7TYP-9ASD';
const carddata = encodeURIComponent(CODE);
const ORDERED_AT = 1_760_000_000;

export const activationCodeExample = {
  activation_code: CODE,
  install_links: {
    apple: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${carddata}`,
    android: `https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${carddata}`,
    windows: CODE.replace('LPA:', 'lpa:'),
  },
};

export const profileExample: GetEUICCProfileResponse = {
  iccid: ICCID,
  imsi: '001010000000001',
  state: 'RELEASED',
  state_message: 'waits to be downloaded',
  last_operation_date: ORDERED_AT,
  last_operation_at: timeOfSeconds(ORDERED_AT),
  release_date: ORDERED_AT,
  released_at: timeOfSeconds(ORDERED_AT),
  ...activationCodeExample,
  smdp_address: 'rsp.example.com',
  matching_id: 'QW3R-7TYP-9ASD',
  reuse_enabled: true,
  reuse_remaining_count: 2,
  profile_reuse_policy: { reuse_type: 'SAME_EID', max_count: 2, maxReuseCount: 2, cooldownPeriod: 3600 },
  cc_required: false,
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
  profile_class: 'operational',
};

export const stockedExample: GetEUICCProfileResponse = {
  iccid: ICCID,
  imsi: '001010000000001',
  state: 'AVAILABLE',
  state_message: 'in stock, not ordered',
  last_operation_date: ORDERED_AT - 3600,
  last_operation_at: timeOfSeconds(ORDERED_AT - 3600),
  activation_code: '',
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
};

export const listExample: ListEUICCProfilesResponse = {
  total: 1,
  count: 100,
  offset: 0,
  euicc_profiles: [profileExample],
};

export const createExample: CreateEUICCProfileRequest = {
  parameters: {
    iccid: ICCID,
    imsi: '001010000000001',
    ki: '00112233445566778899aabbccddeeff',
    opc: 'ffeeddccbbaa99887766554433221100',
  },
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
};

export const importReportExample: ImportReport = {
  type: 'error',
  line: 17,
  iccid: ICCID,
  code: 'validation_failed',
  message: '/parameters/ki is missing',
  errors: [{ field: '/parameters/ki', message: 'is missing' }],
};

export const generateExample: GenerateEUICCProfilesRequest = {
  count: 1,
  iccid_start: ICCID.slice(0, 18),
  imsi_start: '001010000000001',
  profile_type: 'basic',
  service_provider_name: 'Example Mobile',
};

export const generatedExample: GenerateEUICCProfilesResponse = {
  subscriptions: [
    {
      iccid: ICCID,
      imsi: '001010000000001',
      algorithm: 'milenage',
      ki: '00112233445566778899aabbccddeeff',
      opc: 'ffeeddccbbaa99887766554433221100',
      pin1: '0000',
      pin2: '0000',
      puk1: '00000000',
      puk2: '00000000',
      adm1: '0000000000000000',
    },
  ],
};

export const templateExample: ProfileTemplate = {
  profile_type: 'basic',
  size: 100_000,
  free_numbers: 99_998,
  keys: 'derived',
  iccid_start: ICCID.slice(0, 18),
  imsi_start: '001010000000001',
  algorithm: 'milenage',
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
  profile_class: 'operational',
  created_at: timeOfSeconds(ORDERED_AT - 3600),
};

export const createTemplateExample: CreateProfileTemplateRequest = {
  profile_type: 'basic',
  size: 100_000,
  iccid_start: ICCID.slice(0, 18),
  imsi_start: '001010000000001',
  master_key: '00112233445566778899aabbccddeeff',
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
};

export const orderedOfTypeExample: OrderEUICCProfileOfTypeResponse = {
  ...profileExample,
  profile_type: 'basic',
};

export const orderExample: OrderEUICCProfileRequest = {
  profile_reuse_policy: { reuse_type: 'SAME_EID', max_count: 2, cooldownPeriod: 3600 },
};

export const statusExample: StatusResponse = {
  name: 'esim-rsp',
  version: '0.1.0',
  status: 'ok',
  smdp_address: 'rsp.example.com',
  sgp22_version: '2.5.0',
};
