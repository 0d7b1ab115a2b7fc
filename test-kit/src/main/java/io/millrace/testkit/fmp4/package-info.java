/**
 * Reads fMP4 back: what our packagers wrote, as values that tests and verification tools compare.
 * Written from ISO/IEC 14496-12 and not from the writer. Entry point: {@link
 * io.millrace.testkit.fmp4.Fmp4Reader}. May import the JDK only.
 */
package io.millrace.testkit.fmp4;
