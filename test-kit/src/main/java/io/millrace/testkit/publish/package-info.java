/** Broadcasters for tests: {@link io.millrace.testkit.publish.TestPublisher}. */
package io.millrace.testkit.publish;
