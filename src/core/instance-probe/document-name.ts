/** What the document is called where nobody chooses. */
export const defaultDocumentName = 'elb-proxy-probe';
