/** A component's markup and style: `dashboard/server/ui_bundle.py` writes these modules when the server starts. */
declare module "*components_shell.js" {
  export const MARKUP: Record<string, string>;
  export const STYLES: Record<string, string>;
}

declare module "*_shell.js" {
  export const markup: string;
  export const style: string;
}
