/** A client for load: many keep-alive HTTP/1.1 connections on one thread. Uses the JDK only. */
package io.millrace.bench.load;
