/**
 * The viewers' sockets under Pekko HTTP's server: one thread accepts and reads for all of them, and
 * what is read goes straight to the stream of its connection, which writes its answers itself.
 * Knows requests and answers only as what that stream carries.
 */
package io.millrace.http.net;
