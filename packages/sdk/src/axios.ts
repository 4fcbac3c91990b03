export { ESIMRSPApi, ESIMRSPApiAxiosParamCreator, ESIMRSPApiFactory, ESIMRSPApiFp } from './axios/api.ts';
export { Configuration, type ConfigurationParameters } from './axios/configuration.ts';
export {
  type GetEUICCProfileResponse,
  GetEUICCProfileResponseStateEnum,
  type ModelError,
  type ProfileReusePolicy,
  ProfileReusePolicyReuseTypeEnum,
} from './axios/models.ts';
