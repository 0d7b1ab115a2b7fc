/** The command line: {@code serve}, {@code demo}, {@code publish}. The only place that prints. */
package io.millrace.node.cli;
