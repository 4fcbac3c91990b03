import { Type } from '@sinclair/typebox';

export const InstallLinks = Type.Object(
  {
    apple: Type.String({ description: 'For iOS 17.4 and later' }),
    android: Type.String({ description: 'For Android' }),
    windows: Type.String({ description: 'For Windows 11 24H2 and later' }),
  },
  {
    $id: 'InstallLinks',
    description:
      'Links that open the installation on the device itself. They contain the activation code: treat them as secrets',
  },
);
