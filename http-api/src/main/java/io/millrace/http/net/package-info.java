/**
 * The viewers' sockets. Loops accept, read, and answer the requests that everybody sends; Pekko
 * HTTP's server layer has the connections on which others come. Knows no route: only requests and
 * answers, which are Pekko HTTP's.
 */
package io.millrace.http.net;
