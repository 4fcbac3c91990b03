import type { MailText } from './mail-text.ts';

/** The sentences of the mail with an install link, in the order in which the customer reads them. */
type Sentences = {
  readonly subject: string;
  readonly ready: string;
  readonly open: string;
  readonly button: string;
  /** Below the button in HTML. */
  readonly scan: string;
  readonly scanAlt: string;
  readonly until: string;
  readonly secret: string;
  readonly direction?: 'rtl';
};

/** In the languages of the install page. */
const sentences = {
  en: {
    subject: '{{brand}}: your eSIM is ready',
    ready: 'Your eSIM {{profile_name}} is ready.',
    open: 'Open this page on the phone that should have it, with Wi-Fi on:',
    button: 'Install eSIM',
    scan: 'You are reading this on another device? Scan this picture with the phone:',
    scanAlt: 'QR code of the page on which you install the eSIM',
    until: 'The page works until {{expires_on}}.',
    secret: 'Do not forward this mail: anyone who has the link can install the eSIM.',
  },
  de: {
    subject: '{{brand}}: Ihre eSIM ist bereit',
    ready: 'Ihre eSIM {{profile_name}} ist bereit.',
    open: 'Öffnen Sie diese Seite auf dem Telefon, das sie bekommen soll, mit eingeschaltetem WLAN:',
    button: 'eSIM installieren',
    scan: 'Sie lesen das auf einem anderen Gerät? Scannen Sie dieses Bild mit dem Telefon:',
    scanAlt: 'QR-Code der Seite, auf der Sie die eSIM installieren',
    until: 'Die Seite ist bis {{expires_on}} erreichbar.',
    secret: 'Leiten Sie diese E-Mail nicht weiter: Wer den Link hat, kann die eSIM installieren.',
  },
  fr: {
    subject: '{{brand}} : votre eSIM est prête',
    ready: 'Votre eSIM {{profile_name}} est prête.',
    open: 'Ouvrez cette page sur le téléphone qui doit la recevoir, avec le Wi-Fi activé :',
    button: 'Installer l’eSIM',
    scan: 'Vous lisez ceci sur un autre appareil ? Scannez cette image avec le téléphone :',
    scanAlt: 'Code QR de la page sur laquelle vous installez l’eSIM',
    until: 'La page fonctionne jusqu’au {{expires_on}}.',
    secret: 'Ne transférez pas ce message : toute personne qui a le lien peut installer l’eSIM.',
  },
  es: {
    subject: '{{brand}}: su eSIM está lista',
    ready: 'Su eSIM {{profile_name}} está lista.',
    open: 'Abra esta página en el teléfono que debe tenerla, con el wifi activado:',
    button: 'Instalar la eSIM',
    scan: '¿Lee esto en otro dispositivo? Escanee esta imagen con el teléfono:',
    scanAlt: 'Código QR de la página en la que instala la eSIM',
    until: 'La página funciona hasta el {{expires_on}}.',
    secret: 'No reenvíe este mensaje: quien tenga el enlace puede instalar la eSIM.',
  },
  pt: {
    subject: '{{brand}}: o seu eSIM está pronto',
    ready: 'O seu eSIM {{profile_name}} está pronto.',
    open: 'Abra esta página no telefone que deve recebê-lo, com o Wi-Fi ligado:',
    button: 'Instalar o eSIM',
    scan: 'Está a ler isto noutro dispositivo? Digitalize esta imagem com o telefone:',
    scanAlt: 'Código QR da página em que instala o eSIM',
    until: 'A página funciona até {{expires_on}}.',
    secret: 'Não reencaminhe esta mensagem: quem tiver a ligação pode instalar o eSIM.',
  },
  it: {
    subject: '{{brand}}: la tua eSIM è pronta',
    ready: 'La tua eSIM {{profile_name}} è pronta.',
    open: 'Apri questa pagina sul telefono che deve riceverla, con il Wi-Fi attivo:',
    button: 'Installa la eSIM',
    scan: 'Stai leggendo su un altro dispositivo? Inquadra questa immagine con il telefono:',
    scanAlt: 'Codice QR della pagina in cui installi la eSIM',
    until: 'La pagina funziona fino al {{expires_on}}.',
    secret: 'Non inoltrare questo messaggio: chi ha il link può installare la eSIM.',
  },
  pl: {
    subject: '{{brand}}: Twoja karta eSIM jest gotowa',
    ready: 'Twoja karta eSIM {{profile_name}} jest gotowa.',
    open: 'Otwórz tę stronę na telefonie, na którym ma być karta, z włączonym Wi-Fi:',
    button: 'Zainstaluj eSIM',
    scan: 'Czytasz to na innym urządzeniu? Zeskanuj ten obraz telefonem:',
    scanAlt: 'Kod QR strony, na której zainstalujesz kartę eSIM',
    until: 'Strona działa do {{expires_on}}.',
    secret: 'Nie przesyłaj tej wiadomości dalej: kto ma link, może zainstalować kartę eSIM.',
  },
  tr: {
    subject: '{{brand}}: eSIM’iniz hazır',
    ready: 'eSIM’iniz {{profile_name}} hazır.',
    open: 'Bu sayfayı, eSIM’in yükleneceği telefonda Wi-Fi açıkken açın:',
    button: 'eSIM’i yükle',
    scan: 'Bunu başka bir cihazda mı okuyorsunuz? Bu resmi telefonla tarayın:',
    scanAlt: 'eSIM’i yüklediğiniz sayfanın QR kodu',
    until: 'Sayfa {{expires_on}} tarihine kadar çalışır.',
    secret: 'Bu e-postayı iletmeyin: bağlantıya sahip olan herkes eSIM’i yükleyebilir.',
  },
  zh: {
    subject: '{{brand}}:您的 eSIM 已准备就绪',
    ready: '您的 eSIM {{profile_name}} 已准备就绪。',
    open: '请在要安装的手机上打开此页面,并连接 Wi-Fi:',
    button: '安装 eSIM',
    scan: '您正在其他设备上阅读?请用手机扫描此图片:',
    scanAlt: '安装 eSIM 的页面的二维码',
    until: '此页面在 {{expires_on}} 之前有效。',
    secret: '请勿转发此邮件:任何拥有该链接的人都可以安装此 eSIM。',
  },
  ar: {
    subject: '{{brand}}: شريحة eSIM جاهزة',
    ready: 'شريحة eSIM {{profile_name}} جاهزة.',
    open: 'افتح هذه الصفحة على الهاتف الذي تريد تثبيتها عليه، مع تشغيل Wi-Fi:',
    button: 'تثبيت eSIM',
    scan: 'هل تقرأ هذا على جهاز آخر؟ امسح هذه الصورة بالهاتف:',
    scanAlt: 'رمز QR للصفحة التي تثبّت عليها eSIM',
    until: 'تعمل الصفحة حتى {{expires_on}}.',
    secret: 'لا تُعد توجيه هذه الرسالة: كل من لديه الرابط يمكنه تثبيت eSIM.',
    direction: 'rtl',
  },
} as const satisfies Readonly<Record<string, Sentences>>;
type Language = keyof typeof sentences;

/** A plain text, and HTML with a button and the QR code. */
function mailText(one: Sentences): MailText {
  const { subject, ready, open, until, secret } = one;
  const text = `${ready}\n\n${open}\n\n{{link}}\n\n${until} ${secret}\n\n{{contact}}\n\n{{brand}}\n`;
  return { subject, text, html: htmlOf(one) };
}

/** Programs for mail know few rules of style, and only those in the elements. */
function htmlOf({ ready, open, button, scan, scanAlt, until, secret, direction }: Sentences): string {
  const font = 'font:17px/1.45 system-ui,-apple-system,Segoe UI,Roboto,sans-serif';
  const link = `background:{{colour}};color:{{text_colour}};display:block;padding:14px 16px;border-radius:6px;font-size:20px;font-weight:600;text-align:center;text-decoration:none`;
  return `<div${direction === undefined ? '' : ` dir="${direction}"`} style="max-width:480px;margin:0 auto;padding:16px;${font}">
<p style="font-weight:600">{{brand}}</p>
<p>${ready}</p>
<p>${open}</p>
<p><a href="{{link}}" style="${link}">${button}</a></p>
<p>${scan}</p>
<p style="text-align:center"><img src="{{qr_code}}" alt="${scanAlt}" width="200" height="200"></p>
<p style="font-size:15px">${until} ${secret}</p>
<p style="font-size:15px;white-space:pre-line">{{contact}}</p>
</div>
`;
}

const texts: Record<string, MailText> = Object.fromEntries(
  Object.entries(sentences).map(([language, one]) => [language, mailText(one)]),
);

/** The mail with an install link, in the languages of the install page. */
export const installLinkTexts = texts as Readonly<Record<Language, MailText>>;
