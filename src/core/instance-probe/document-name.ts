/** The default name of the document. */
export const defaultDocumentName = 'elb-proxy-probe';
