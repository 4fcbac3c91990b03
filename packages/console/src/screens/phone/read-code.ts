/** Reads the QR code in an image that somebody drops or chooses. Resolves to undefined if there is none. */
export async function readCode(file: Blob): Promise<string | undefined> {
  const image = await pixelsOf(file);
  if (image === undefined) return undefined;
  const { default: decode } = await import('qr/decode.js');
  try {
    return decode(image, { timeLimit: 5000 });
  } catch {
    return undefined; // the decoder throws whatever is wrong with an image
  }
}

/** The longest side that is searched: a photo of a phone is larger. */
const SIDE = 1600;

async function pixelsOf(file: Blob): Promise<ImageData | undefined> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight, 1));
    const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) =>
      Math.round(side * scale),
    ) as [number, number];
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (context === null || width === 0 || height === 0) return undefined;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch {
    return undefined; // it is no image
  } finally {
    URL.revokeObjectURL(url);
  }
}
