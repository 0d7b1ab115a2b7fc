/**
 * The configuration file, read once: every key of {@code millrace { }} becomes a field of an
 * immutable record of the part that needs it. Only this package (and {@code Main}) touches {@code
 * com.typesafe.config}.
 */
package io.millrace.node.settings;
