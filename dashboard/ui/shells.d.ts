/** A component's markup and style: `dashboard/server/ui_bundle.py` writes these modules when the server starts. */
declare module "*_shell.js" {
  export const markup: string;
  export const style: string;
}
