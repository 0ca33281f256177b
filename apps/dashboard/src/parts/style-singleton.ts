import { useEffect } from 'react';

interface Styles {
  readonly styles: string;
  readonly dynamic?: boolean;
}

/**
 * Stands in for the package react-style-singleton, with which dialogs and menus keep the page from scrolling: it adds a style
 * element, which our content security policy refuses. A style sheet made by script does the same and is allowed.
 */
export function styleSingleton() {
  return function Sheet({ styles }: Styles) {
    useEffect(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      document.adoptedStyleSheets.push(sheet);
      return () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter(
          (other) => other !== sheet,
        );
      };
    }, [styles]);
    return null;
  };
}
