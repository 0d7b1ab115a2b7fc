/**
 * Our own fMP4 (CMAF) writer, ISO/IEC 14496-12: init segments and one-track fragments. Pure
 * functions of their input. May import {@code io.millrace.media}, {@code io.millrace.media.codec},
 * the JDK.
 */
package io.millrace.media.fmp4;
