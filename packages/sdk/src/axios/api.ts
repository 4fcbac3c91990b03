import globalAxios, { type AxiosInstance, type AxiosPromise } from 'axios';
import { segment } from '../path.ts';
import type { Configuration } from './configuration.ts';
import type { GetEUICCProfileResponse } from './models.ts';
import { askForImage, BASE_PATH, locate, type Options, type RequestArgs, requestArgs } from './request.ts';

/** A prepared request, which needs an axios to be sent; `configuration.basePath` comes before this `basePath`. */
type Prepared<T> = (axios?: AxiosInstance, basePath?: string) => AxiosPromise<T>;

/** The requests as axios takes them, without the base path. */
export const ESIMRSPApiAxiosParamCreator = (configuration?: Configuration) => ({
  /** Gets the Profile with an ICCID. */
  getEUICCProfile: async (iccid: string, options: Options = {}): Promise<RequestArgs> =>
    requestArgs(profilePath(iccid, 'getEUICCProfile'), configuration, options),

  /** Gets the QR code that a phone scans to install the Profile. */
  getQRCode: async (iccid: string, options: Options = {}): Promise<RequestArgs> =>
    requestArgs(`${profilePath(iccid, 'getQRCode')}/qrcode`, configuration, options),
});

/** The operations in two steps: the first call prepares a request, the second sends it. */
export const ESIMRSPApiFp = (configuration?: Configuration) => {
  const prepare = ESIMRSPApiAxiosParamCreator(configuration);
  return {
    /** Gets the Profile with an ICCID. */
    async getEUICCProfile(iccid: string, options?: Options): Promise<Prepared<GetEUICCProfileResponse>> {
      const args = await prepare.getEUICCProfile(iccid, options);
      return (axios = globalAxios, basePath) =>
        axios.request({ ...args.options, url: locate(args, axios, configuration, basePath) });
    },

    /** Gets the QR code as a PNG: a `Blob` in browsers and a `Buffer` in Node, unless `responseType` says otherwise. It is a secret. */
    async getQRCode(iccid: string, options?: Options): Promise<Prepared<File>> {
      const args = await prepare.getQRCode(iccid, options);
      return (axios = globalAxios, basePath) =>
        askForImage(axios, { ...args.options, url: locate(args, axios, configuration, basePath) });
    },
  };
};

/** The operations as an object of functions. */
export const ESIMRSPApiFactory = (
  configuration?: Configuration,
  basePath?: string,
  axios?: AxiosInstance,
) => {
  const fp = ESIMRSPApiFp(configuration);
  return {
    /** Gets the Profile with an ICCID. */
    getEUICCProfile: (iccid: string, options?: Options): AxiosPromise<GetEUICCProfileResponse> =>
      fp.getEUICCProfile(iccid, options).then((send) => send(axios, basePath)),

    /** Gets the QR code as a PNG: a `Blob` in browsers and a `Buffer` in Node, unless `responseType` says otherwise. It is a secret. */
    getQRCode: (iccid: string, options?: Options): AxiosPromise<File> =>
      fp.getQRCode(iccid, options).then((send) => send(axios, basePath)),
  };
};

/** The operations as a class, in the shape of OpenAPI Generator's typescript-axios. */
export class ESIMRSPApi {
  protected configuration: Configuration | undefined;
  protected basePath: string;
  protected axios: AxiosInstance;

  constructor(configuration?: Configuration, basePath = BASE_PATH, axios: AxiosInstance = globalAxios) {
    this.configuration = configuration;
    this.basePath = configuration?.basePath || basePath;
    this.axios = axios;
  }

  /** Gets the Profile with an ICCID. */
  getEUICCProfile(iccid: string, options?: Options): AxiosPromise<GetEUICCProfileResponse> {
    return ESIMRSPApiFactory(this.configuration, this.basePath, this.axios).getEUICCProfile(iccid, options);
  }

  /** Gets the QR code as a PNG: a `Blob` in browsers and a `Buffer` in Node, unless `responseType` says otherwise. It is a secret. */
  getQRCode(iccid: string, options?: Options): AxiosPromise<File> {
    return ESIMRSPApiFactory(this.configuration, this.basePath, this.axios).getQRCode(iccid, options);
  }
}

function profilePath(iccid: string, operation: string): string {
  return `/euicc-profiles/${segment(iccid, 'iccid', operation)}`;
}
