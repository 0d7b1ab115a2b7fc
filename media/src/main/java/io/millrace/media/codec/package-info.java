/**
 * Parameter sets of the codecs that are ingested, validated in Java before any native code sees
 * them. May import {@code io.millrace.media} and the JDK.
 */
package io.millrace.media.codec;
