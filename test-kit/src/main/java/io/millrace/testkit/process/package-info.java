/** Real JVMs under test: {@link io.millrace.testkit.process.NodeProcess} and signals by pid. */
package io.millrace.testkit.process;
