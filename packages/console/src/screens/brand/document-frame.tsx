import { useRef } from 'react';

/**
 * A document of the server in a frame without scripts and forms. The policy of the console is that of the frame too, so styles in its elements would be
 * refused: they are set from here. Links lead nowhere.
 */
export function DocumentFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const setStyles = () => {
    const inside = frame.current?.contentDocument;
    for (const element of inside?.querySelectorAll<HTMLElement>('[data-style]') ?? [])
      element.style.cssText = element.dataset.style ?? '';
    inside?.addEventListener('click', (event) => event.preventDefault());
  };
  return (
    <iframe
      ref={frame}
      className="document"
      title={title}
      sandbox="allow-same-origin"
      srcDoc={html.replace(/(<[^>]*\s)style=/gi, '$1data-style=').replace(/<script\b[^>]*><\/script>/gi, '')}
      onLoad={setStyles}
    />
  );
}
